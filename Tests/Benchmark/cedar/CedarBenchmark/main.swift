// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

// Times SocleCedar on the health region and prints one JSON object: `CedarBenchmark FOLDER ROUNDS`. Every answer is
// compared with the expected one inside the timed run; one that differs ends the program with status 1.

import Foundation
import SocleCedar

let arguments = CommandLine.arguments
guard arguments.count >= 3, let rounds = Int(arguments[2]) else {
    FileHandle.standardError.write(Data("usage: CedarBenchmark FOLDER ROUNDS\n".utf8))
    exit(2)
}
let region = try Region(folder: URL(fileURLWithPath: arguments[1], isDirectory: true))
var figures = try region.preparation(rounds: 20)
let (small, large) = (try region.compiled(copies: 0), try region.compiled(copies: 99))
region.replay(small, 1)
region.replay(large, 1)
// Turn about, so that what else the machine does weighs on both; the best run of each is the least disturbed.
var (few, many, resolved) = (Double.infinity, Double.infinity, Double.infinity)
for _ in 0..<rounds {
    few = min(few, region.replay(small, 1))
    many = min(many, region.replay(large, 1))
    resolved = min(resolved, region.replay(small, 1, isResolved: true))
}
figures["decisions"] = Double(region.questions.count * rounds)
figures["ns_per_decision"] = few
figures["ns_per_decision_2500"] = many
figures["ns_per_decision_typed_names"] = resolved
let data = try JSONSerialization.data(withJSONObject: figures, options: [.sortedKeys])
print(String(decoding: data, as: UTF8.self))
