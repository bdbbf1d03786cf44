// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

/// What people see and change of their own account. All of it is about the account of the session that asks: no call
/// takes anybody else's.
package struct OwnAccount: Sendable {
    let signIn: SignIn
    let activity: any AccountActivity

    package init(signIn: SignIn, activity: any AccountActivity) {
        self.signIn = signIn
        self.activity = activity
    }
}
