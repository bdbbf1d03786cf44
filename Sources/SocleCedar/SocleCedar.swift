// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

// SocleCedar is the Cedar policy language, version 4.5: text to policies, policies and a schema to a verdict,
// policies and a request to a decision. It owns the language and nothing of health: no clock, no store, no module
// of Socle, nothing imported at all, so that another Swift program can adopt it as it is.
//
//     let policies = try PolicySet(parsing: text)
//     let compiled = CompiledPolicies(policies)
//     let answer = compiled.authorizeStrictly(request, entities)
//
// Source: https://docs.cedarpolicy.com (language reference) and the published integration corpus, which its tests
// replay. Left out on purpose: partial evaluation, permissive validation, the protocol buffer form.
