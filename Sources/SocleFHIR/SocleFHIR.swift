// SPDX-FileCopyrightText: 2026 Sesan and the Socle contributors
// SPDX-License-Identifier: EUPL-1.2

// SocleFHIR owns FHIR R4 at the edge: the structure of the resources Socle takes and gives, their strict reading,
// and what each of them says in Socle's own records. It refuses to know SQL, HTTP and who may do what: a resource is
// only ever the outer form of a membership, a choice, a person or a place.
