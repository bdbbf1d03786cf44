// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import CSQLite
import Synchronization

/// Epochs of a file in WAL mode, told from the header of its WAL index: shared memory that each commit of any process
/// writes, and that SQLite itself looks at when a transaction begins.
///
/// INVARIANT: `index` is the memory of `handle`, which is open in WAL mode for as long as this lives.
final class SQLiteEpochs: @unchecked Sendable {
    private typealias Header = SIMD16<UInt32>

    private struct Known {
        var header = Header()
        var epoch = StoreEpoch(number: 0, commits: 0)
        var last: UInt64 = 0
    }

    private let handle: SQLiteHandle
    private let index: UnsafeRawPointer
    private let known = Mutex(Known())

    /// nil when the memory cannot be reached.
    init?(_ handle: SQLiteHandle) {
        guard let index = socle_sqlite_wal_index(handle.connection) else { return nil }
        self.handle = handle
        self.index = index
    }

    /// nil while a commit is being marked.
    var current: StoreEpoch? {
        guard let header else { return nil }
        return known.withLock { known in
            if known.header == header { return known.epoch }
            known.last += 1
            known.header = header
            known.epoch = StoreEpoch(number: known.last, commits: header[2])
            return known.epoch
        }
    }

    /// Called after a COMMIT that wrote the journal's tables alone, in a transaction that found that epoch: it goes on,
    /// unless another process has committed since.
    func carry(_ epoch: StoreEpoch) {
        guard let header, header[2] == epoch.commits &+ 1 else { return }
        known.withLock { known in
            known.header = header
            known.epoch = StoreEpoch(number: epoch.number, commits: header[2])
        }
    }

    private var header: Header? {
        var header = Header()
        let isWhole = withUnsafeMutableBytes(of: &header) { bytes in
            bytes.withMemoryRebound(to: UInt32.self) { socle_sqlite_wal_header(index, $0.baseAddress) != 0 }
        }
        return isWhole ? header : nil
    }
}
