// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

import SocleIdentity

/// What a notice says to the person who reads it. No clinical data, no reason given by a professional, no national
/// identifier: who, when, and what one may do.
package struct NoticeText: Hashable, Sendable {
    package let french: String
    package let english: String

    /// - Parameter who: whom it is about, by name.
    package init(_ notice: Notice, who: String?) {
        let (day, hour) = NoticeText.frenchClock(notice.createdAt)
        let nameless =
            switch notice.kind {
            case .professional: ("Un professionnel", "A professional")
            case .structure: ("Une structure", "A structure")
            case .relatedPerson: ("Une personne de votre entourage", "Someone close to you")
            }
        let (qui, whom) = (who ?? nameless.0, who ?? nameless.1)
        switch (notice.subject, notice.recipient) {
        case (.breakGlass, .patient):
            french =
                "\(qui) a consulté votre dossier en urgence le \(day) à \(hour). Cet accès est contrôlé. Vous pouvez vous "
                + "opposer aux accès en urgence à venir."
            english =
                "\(whom) accessed your record in an emergency on \(day) at \(hour). This access is reviewed. You may "
                + "oppose emergency access in the future."
        case (.breakGlass, .professional):
            french =
                "\(qui) a consulté en urgence le dossier d'un de vos patients le \(day) à \(hour). "
                + "Vous recevez cette information comme médecin traitant."
            english =
                "\(whom) accessed the record of one of your patients in an emergency on \(day) at \(hour). "
                + "You are told as the treating physician."
        case (.regulation, .patient):
            french =
                "\(qui), médecin régulateur du SAMU, a consulté votre dossier le \(day) à \(hour). Cet accès est "
                + "contrôlé. Vous pouvez vous opposer à l'accès du SAMU à l'avenir."
            english =
                "\(whom), regulating physician of the SAMU, accessed your record on \(day) at \(hour). This access is "
                + "reviewed. You may oppose access by the SAMU in the future."
        case (.regulation, .professional):
            french =
                "\(qui), médecin régulateur du SAMU, a consulté le dossier d'un de vos patients le \(day) à \(hour). "
                + "Vous recevez cette information comme médecin traitant."
            english =
                "\(whom), regulating physician of the SAMU, accessed the record of one of your patients on \(day) at "
                + "\(hour). You are told as the treating physician."
        case (.memberAdded, _):
            let start = notice.begins.map(NoticeText.frenchClock)
            let team = "partie de votre cercle de soins"
            let joins = start.map { "fera \(team) à partir du \($0.day) à \($0.hour)" } ?? "fait maintenant \(team)"
            let from = start.map { ", from \($0.day) at \($0.hour) on" } ?? ""
            french = "\(qui) \(joins) (ajout le \(day) à \(hour)). Vous pouvez vous y opposer à tout moment."
            english =
                "\(whom) was added to your care team on \(day) at \(hour)\(from). You may oppose this at any time."
        }
    }

    /// `02/11/2026`, `10:15`, as clocks in metropolitan France show it.
    private static func frenchClock(_ instant: Instant) -> (day: String, hour: String) {
        let text = (instant + .hours(FrenchTime.isSummer(instant) ? 2 : 1)).description
        let date = text.prefix(10).split(separator: "-")
        return (date.reversed().joined(separator: "/"), String(text.dropFirst(11).prefix(5)))
    }
}
