// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import Testing

@testable import SocleCedar

@Suite("Extension types · language reference")
struct ExtensionTypeTests {
    @Test(
        "a condition holds",
        arguments: [
            "decimal(\"1.0\") == decimal(\"1.0000\")", "decimal(\"-0.5\").lessThan(decimal(\"0.0\"))",
            "decimal(\"922337203685477.5807\").greaterThan(decimal(\"-922337203685477.5808\"))",
            "decimal(\"1.10\").greaterThanOrEqual(decimal(\"1.1\"))", "ip(\"127.0.0.1\").isLoopback()",
            "ip(\"::1\").isLoopback()", "ip(\"ff02::1\").isMulticast()", "ip(\"224.0.0.1\").isMulticast()",
            "ip(\"10.1.2.3\").isInRange(ip(\"10.0.0.0/8\"))", "ip(\"2001:db8::7\").isInRange(ip(\"2001:db8::/32\"))",
            "ip(\"10.0.0.1\") == ip(\"10.0.0.1/32\")", "ip(\"1:2:3:4:5:6:7:8\").isIpv6()", "ip(\"::\").isIpv6()",
            "ip(\"1::\") == ip(\"1:0:0:0:0:0:0:0\")", "ip(\"0.0.0.0/0\").isIpv4()",
            "ip(\"1.2.3.4\").isInRange(ip(\"0.0.0.0/0\"))", "ip(\"a::b\").isInRange(ip(\"::/0\"))",
            "datetime(\"1970-01-01\") == datetime(\"1970-01-01T00:00:00Z\")",
            "datetime(\"2024-02-29T12:00:00.123+0200\") == datetime(\"2024-02-29T10:00:00.123Z\")",
            "datetime(\"2026-01-01\").durationSince(datetime(\"2025-01-01\")) == duration(\"365d\")",
            "datetime(\"1969-12-31T23:00:00Z\").toDate() == datetime(\"1969-12-31\")",
            "datetime(\"1969-12-31T23:00:00Z\").toTime() == duration(\"23h\")",
            "datetime(\"2024-01-01\").offset(duration(\"1d\")) == datetime(\"2024-01-02\")",
            "duration(\"1d2h3m4s5ms\").toMilliseconds() == 93784005", "duration(\"-1ms\") < duration(\"0s\")",
            "duration(\"-90s\").toMinutes() == -1", "duration(\"-9223372036854775808ms\").toDays() < 0",
            "datetime(\"0000-01-01\") < datetime(\"9999-12-31\")",
        ]) func holds(_ text: String) throws
    {
        #expect(try Bench.value(text) == true)
    }

    @Test(
        "a condition does not hold",
        arguments: [
            "ip(\"10.0.0.1/8\") == ip(\"10.0.0.0/8\")", "ip(\"::1\").isInRange(ip(\"0.0.0.0/0\"))",
            "ip(\"10.0.0.0/8\").isInRange(ip(\"10.1.0.0/16\"))", "ip(\"127.0.0.1/7\").isLoopback()",
            "ip(\"::1/127\").isLoopback()", "ip(\"1.2.3.4\").isIpv6()", "decimal(\"1.0\") == 1",
            "duration(\"1d\") == duration(\"23h\")",
        ]) func fails(_ text: String) throws
    {
        #expect(try Bench.value(text) == false)
    }

    @Test(
        "a text of another shape makes no value",
        arguments: [
            "decimal(\"1\")", "decimal(\"1.\")", "decimal(\".5\")", "decimal(\"1.23456\")", "decimal(\"+1.0\")",
            "decimal(\"922337203685477.5808\")", "decimal(\"1.0 \")", "decimal(\"--1.0\")", "decimal(\"\")",
            "ip(\"\")", "ip(\"1.2.3\")", "ip(\"1.2.3.4.5\")", "ip(\"01.2.3.4\")", "ip(\"256.1.1.1\")",
            "ip(\"1.2.3.4/33\")", "ip(\"1.2.3.4/08\")", "ip(\"1.2.3.4/\")", "ip(\"::/129\")", "ip(\"1::2::3\")",
            "ip(\":::\")", "ip(\"1:2:3:4:5:6:7\")", "ip(\"1:2:3:4:5:6:7:8:9\")", "ip(\"::ffff:1.2.3.4\")",
            "ip(\"1:2:3:4::5:6:7:8\")", "ip(\"12345::\")", "ip(\"1.2.3.4/8/8\")", "ip(\"g::\")",
            "datetime(\"2023-02-29\")", "datetime(\"2024-13-01\")", "datetime(\"2024-1-1\")",
            "datetime(\"2024-01-01T00:00:00\")", "datetime(\"2024-01-01T24:00:00Z\")",
            "datetime(\"2024-01-01T00:00:60Z\")", "datetime(\"2024-01-01T00:00:00.1Z\")",
            "datetime(\"2024-01-01T00:00:00+2400\")", "datetime(\"2024-01-01T00:00:00+02:00\")",
            "datetime(\"2024-01-01T00:00:00Zx\")", "datetime(\"-2024-01-01\")", "datetime(\"2024-01-01t00:00:00Z\")",
            "duration(\"\")", "duration(\"-\")", "duration(\"1\")", "duration(\"1h1d\")", "duration(\"1d1d\")",
            "duration(\"+1d\")", "duration(\"1.5h\")", "duration(\"9223372036854775808ms\")", "duration(\"ms\")",
            "duration(\"106751991168d\")",
        ]) func shapes(_ text: String) throws
    {
        let message = try #require(try Bench.failure(text))
        #expect(message.contains("has not the form of a value of"))
    }

    @Test(
        "a call that cannot be made is an error",
        arguments: [
            "decimal(1)", "ip()", "ip(\"::1\", \"::1\")", "1.lessThan(2)", "decimal(\"1.0\").lessThan(1)",
            "\"::1\".isIpv6()", "datetime(\"2024-01-01\").offset(1)", "duration(\"1d\").toDate()",
            "datetime(\"9999-12-31\").offset(duration(\"9223372036854775807ms\"))",
            "datetime(\"1970-01-01\").offset(duration(\"-9223372036854775808ms\")).toDate()",
            "datetime(\"2024-01-01\") < duration(\"1d\")", "decimal(\"1.0\") < decimal(\"2.0\")",
            "duration(\"1d\") + duration(\"1d\")", "duration(\"1d\").toDays(1)",
        ]) func calls(_ text: String) throws
    {
        #expect(try Bench.failure(text) != nil)
    }
}
