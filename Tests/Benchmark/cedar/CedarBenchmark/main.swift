// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

// Times SocleCedar on the health region and prints one JSON object: `CedarBenchmark FOLDER ROUNDS`. Every answer is
// compared with the expected one inside the timed run; one that differs ends the program with status 1.

import Foundation
import SocleCedar

let arguments = CommandLine.arguments
guard arguments.count >= 3, let rounds = Int(arguments[2]), rounds > 0 else {
    FileHandle.standardError.write(Data("usage: CedarBenchmark FOLDER ROUNDS\n".utf8))
    exit(2)
}
let region = try Region(folder: URL(fileURLWithPath: arguments[1], isDirectory: true))
var figures = try region.preparation(rounds: 20)
let (small, large) = (try region.compiled(copies: 0), try region.compiled(copies: 99))
region.replay(small)
region.replay(large)
// Turn about, first one then the other, so that what else the machine does weighs on both. The best run of each is the
// least disturbed; how much slower the large set is, is the median over the pairs, in processor time.
var (few, many, resolved, growth) = (Lap.never, Lap.never, Lap.never, [Double]())
for round in 0..<rounds {
    let first = region.replay(round.isMultiple(of: 2) ? small : large)
    let second = region.replay(round.isMultiple(of: 2) ? large : small)
    let (little, much) = round.isMultiple(of: 2) ? (first, second) : (second, first)
    few.improve(by: little)
    many.improve(by: much)
    growth.append(much.processor / little.processor - 1)
    resolved.improve(by: region.replay(small, isResolved: true))
}
growth.sort()
figures["decisions"] = Double(region.questions.count * rounds)
figures["ns_per_decision"] = few.wall
figures["ns_per_decision_processor"] = few.processor
figures["ns_per_decision_2500"] = many.wall
figures["ns_per_decision_typed_names"] = resolved.wall
figures["growth_median"] = growth[growth.count / 2]
figures["growth_lower_quartile"] = growth[growth.count / 4]
figures["growth_upper_quartile"] = growth[growth.count * 3 / 4]
let data = try JSONSerialization.data(withJSONObject: figures, options: [.sortedKeys])
print(String(decoding: data, as: UTF8.self))
