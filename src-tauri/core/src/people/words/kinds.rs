//! The kinds of trouble: how bad each is, its class, what it is called, why it matters and what to do about it.

use super::{Words, spaced};
use crate::{
    class::Class,
    people::{
        report::{Flaw, Severity},
        rules::Attribute,
    },
    recipe::IdpStyle,
};

pub(in crate::people) fn severity(flaw: Flaw) -> Severity {
    match flaw {
        Flaw::NoColumn
        | Flaw::Missing(_)
        | Flaw::DuplicateUserName
        | Flaw::DuplicateEmail
        | Flaw::ForbiddenInName
        | Flaw::Invisible
        | Flaw::NotAnAddress
        | Flaw::TooLong
        | Flaw::Reserved
        | Flaw::Clash
        | Flaw::ExtraCells
        | Flaw::Quote => Severity::WouldFail,
        Flaw::SharedEmail
        | Flaw::ForbiddenElsewhere
        | Flaw::InvisibleInName
        | Flaw::InvisibleElsewhere
        | Flaw::LostLetter
        | Flaw::Blanks
        | Flaw::Guest
        | Flaw::NotTheEmail
        | Flaw::OddEmail
        | Flaw::AlreadyThere
        | Flaw::Disabled
        | Flaw::Lookalike
        | Flaw::Composed
        | Flaw::Placeholder
        | Flaw::Formula
        | Flaw::InnerGroup
        | Flaw::FewCells
        | Flaw::EmptyRow
        | Flaw::Sample => Severity::Warn,
    }
}

pub(super) fn id_and_class(flaw: Flaw) -> (String, Class) {
    let (id, class) = match flaw {
        Flaw::Missing(attribute) => return (format!("missing-{}", attribute.slug()), Class::MissingAttribute),
        Flaw::NoColumn => ("no-column", Class::MissingAttribute),
        Flaw::DuplicateUserName => ("duplicate-user-name", Class::Duplicate),
        Flaw::DuplicateEmail => ("duplicate-email", Class::Duplicate),
        Flaw::SharedEmail => ("shared-email", Class::Duplicate),
        Flaw::Clash => ("clash-at-target", Class::Duplicate),
        Flaw::AlreadyThere => ("already-there", Class::Duplicate),
        Flaw::ForbiddenInName => ("forbidden-character", Class::ForbiddenCharacter),
        Flaw::ForbiddenElsewhere => ("forbidden-character-elsewhere", Class::ForbiddenCharacter),
        Flaw::Invisible => ("invisible-character", Class::ForbiddenCharacter),
        Flaw::InvisibleInName => ("invisible-character-in-a-name", Class::ForbiddenCharacter),
        Flaw::InvisibleElsewhere => ("invisible-character-elsewhere", Class::ForbiddenCharacter),
        Flaw::LostLetter => ("lost-letter", Class::ForbiddenCharacter),
        Flaw::Blanks => ("blanks", Class::ForbiddenCharacter),
        Flaw::Composed => ("composed-letter", Class::ForbiddenCharacter),
        Flaw::Lookalike => ("lookalike", Class::ForbiddenCharacter),
        Flaw::Formula => ("formula", Class::ForbiddenCharacter),
        Flaw::NotAnAddress => ("user-name-not-an-email", Class::NameidMismatch),
        Flaw::NotTheEmail => ("user-name-differs-from-email", Class::NameidMismatch),
        Flaw::Guest => ("guest", Class::NameidMismatch),
        Flaw::TooLong => ("too-long", Class::TargetRejected),
        Flaw::Reserved => ("reserved-name", Class::TargetRejected),
        Flaw::OddEmail => ("email-not-an-address", Class::TargetRejected),
        Flaw::Placeholder => ("placeholder", Class::MissingAttribute),
        Flaw::Disabled => ("disabled", Class::NotAssigned),
        Flaw::InnerGroup => ("group-in-the-group", Class::NestedGroup),
        Flaw::ExtraCells => ("cells-do-not-fit", Class::Unrecognised),
        Flaw::Quote => ("quote", Class::Unrecognised),
        Flaw::FewCells => ("cells-missing", Class::Unrecognised),
        Flaw::EmptyRow => ("empty-row", Class::Unrecognised),
        Flaw::Sample => ("example-row", Class::Unrecognised),
    };
    (id.to_owned(), class)
}

impl Words<'_> {
    /// Title, why it matters, what to do.
    pub(super) fn text(&self, flaw: Flaw) -> (String, String, String) {
        let (target, idp, people) = (&self.rules.target, &self.rules.idp, &self.rules.people);
        let said = |known: &Option<String>, else_: &str| known.clone().unwrap_or_else(|| else_.to_owned());
        let (title, why, fix): (String, String, String) = match flaw {
            Flaw::NoColumn => (
                "The file lacks a column".into(),
                "The mapping needs this attribute, and the file does not show whether people have it.".into(),
                self.export(),
            ),
            Flaw::Missing(attribute) => (
                format!("No {}", attribute.words()),
                match attribute {
                    Attribute::UserName => format!("{idp} finds people again by it: somebody without one is skipped."),
                    _ => said(&people.missing, "The mapping needs it."),
                },
                format!("Fill it in at {idp}, or give the mapping a default for it."),
            ),
            Flaw::DuplicateUserName => (
                "The same user name twice".into(),
                format!("User names do not differ by letter case (RFC 7643): at {target} both rows are one person. The second one is refused as a duplicate, or overwrites the first."),
                format!("Give one of the two another user name at {idp}, or take one of them out of the assignment."),
            ),
            Flaw::DuplicateEmail => (
                "The same e-mail address twice".into(),
                said(&people.shared_email, "An address can belong to one person only."),
                format!("Give one of the two another e-mail address at {idp}, or take one of them out of the assignment."),
            ),
            Flaw::SharedEmail => (
                "The same e-mail address twice".into(),
                format!("Many services let an e-mail address be used by one person only. Whether {target} does is not documented."),
                format!("Look whether both rows are one person; if not, give one of them another address at {idp}."),
            ),
            Flaw::ForbiddenInName => (
                "A character that is refused".into(),
                format!("{target} refuses names with one of `{}` in them.", spaced(&self.rules.forbidden)),
                format!("Change the name at {idp}."),
            ),
            Flaw::ForbiddenElsewhere => (
                "A character that may be refused".into(),
                format!("{target} refuses `{}`; in which attributes beside names is not documented.", spaced(&self.rules.forbidden)),
                format!("Change the value at {idp}, or delete the row from the mapping if {target} does not need it."),
            ),
            Flaw::Invisible => (
                "A character that cannot be seen".into(),
                "Hidden characters come along when a name is copied from a web page or a document. A name with one is another name: it is refused, or the person cannot sign in.".into(),
                format!("Delete the name at {idp} and type it again; copying it would bring the character back."),
            ),
            Flaw::InvisibleInName => (
                "A hidden character in a name".into(),
                format!("Some scripts and pictures need such characters; elsewhere they come along when a name is copied. Whether {target} takes them is not documented."),
                format!("Look at the name at {idp}. Where nothing has to be joined, delete it and type it again."),
            ),
            Flaw::InvisibleElsewhere => (
                "A hidden character in another attribute".into(),
                format!("Whether {target} takes it is not documented. Line breaks and tabs in addresses are common."),
                format!("Type the value again at {idp}, or delete the row from the mapping if {target} does not need it."),
            ),
            Flaw::LostLetter => (
                "A letter was lost".into(),
                "The sign � stands where a letter could not be read: the file was saved in an encoding that does not have it, or cut in the middle of it. Two letters in place of one, such as “Ã¼”, come from a file that was saved in another encoding than it was read in.".into(),
                format!("Look at the name at {idp}. If it is right there, export again as UTF-8."),
            ),
            Flaw::Blanks => (
                "A blank that is easily overlooked".into(),
                "A user name with a blank around it is another one than that at sign-in; elsewhere it is only untidy.".into(),
                format!("Take it out at {idp}."),
            ),
            Flaw::NotAnAddress => (
                "The user name is not an e-mail address".into(),
                said(&people.email_user_name, "People sign in with their e-mail address."),
                format!("Make the user name at {idp} the e-mail address, or map the userName from the attribute that holds the address."),
            ),
            Flaw::NotTheEmail => (
                "User name and e-mail address differ".into(),
                said(&people.email_user_name, "People sign in with their e-mail address."),
                format!("Compare with what is sent at sign-in (the **NameID** of the SAML app): it has to be the same as the userName. Map both from the same attribute of {idp}."),
            ),
            Flaw::Guest => (
                "Guests".into(),
                match self.rules.style {
                    IdpStyle::Entra => format!("{idp} takes `#EXT#` out of a guest's userPrincipalName when it provisions, so the user name at {target} is another one than in this list, and may be another one than at sign-in."),
                    IdpStyle::Okta => format!("Whether guests may sign in at {target} is decided there."),
                },
                "Leave guests out of the assigned groups if they need no access. To keep the whole name, map the userName from `originalUserPrincipalName`.".into(),
            ),
            Flaw::TooLong => (
                "Too long".into(),
                format!("{target} takes user names of at most {} characters.", people.longest_user_name.unwrap_or_default()),
                format!("Shorten it at {idp}, or map the userName from a shorter attribute."),
            ),
            Flaw::Reserved => (
                "A reserved name".into(),
                format!("{target} reserves {}.", people.reserved_user_names.join(", ")),
                format!("Rename the account at {idp}, or leave it out of the assignment."),
            ),
            Flaw::OddEmail => (
                "Not an e-mail address".into(),
                "A service that checks addresses refuses it, and notices do not reach the person.".into(),
                format!("Correct it at {idp}."),
            ),
            Flaw::AlreadyThere => (
                "Already there".into(),
                said(&people.already_there, "By the standard, the person is found by userName and taken over."),
                format!("If it is the same person, nothing has to be done. If not, rename one of the two. Look at the access that the account at {target} has before {idp} takes it over."),
            ),
            Flaw::Clash => (
                "Somebody else's, or the same in another letter case".into(),
                format!("{target} answers 409 (`Refused to create a new, duplicate resource`) where userName or e-mail address are there already, written in another way or with another person."),
                format!("Delete or rename the account at {target}, or write the name at {idp} as it is there. Then try this person again."),
            ),
            Flaw::Disabled => (
                "Disabled accounts".into(),
                match self.rules.style {
                    IdpStyle::Entra => format!("{idp} creates nobody whose account is disabled, and disables those who are there already."),
                    IdpStyle::Okta => format!("{idp} provisions active people only."),
                },
                "Nothing has to be done for people who have left. Enable the others before the first cycle.".into(),
            ),
            Flaw::Lookalike => (
                "Letters of two alphabets".into(),
                "A name that only looks like another one is a known trick, and a frequent slip of the keyboard.".into(),
                format!("Type it again at {idp}."),
            ),
            Flaw::Composed => (
                "A letter made of two characters".into(),
                "What looks the same is not the same for a computer: signing in, or finding the person again, can fail.".into(),
                format!("Type it again at {idp}."),
            ),
            Flaw::Placeholder => (
                "A word that stands for nothing".into(),
                "It may be somebody's name; more often a program wrote it where there was none.".into(),
                format!("Look at the person at {idp}."),
            ),
            Flaw::Formula => (
                "It looks like a formula".into(),
                "A spreadsheet would compute it instead of showing it, and somebody may have meant that.".into(),
                format!("Look at the person at {idp}, and do not open the file in a spreadsheet before."),
            ),
            Flaw::InnerGroup => (
                "Groups in this group".into(),
                match self.rules.style {
                    IdpStyle::Entra => format!("{idp} reads only the people who are in the assigned group themselves: those of the groups in it do not arrive."),
                    IdpStyle::Okta => format!("{idp} has no groups in groups: whether those people are in the group that it imports depends on the import."),
                },
                match self.rules.style {
                    IdpStyle::Entra => "Assign the inner groups themselves, or make a dynamic group of the same people.".into(),
                    IdpStyle::Okta => format!("Compare the members that {idp} shows with those that you expect."),
                },
            ),
            Flaw::ExtraCells => (
                "Rows that do not fit the columns".into(),
                "Nothing can be said about such a person: the values do not stand under the names of their columns.".into(),
                "Look at the line: most often a separator or a quote inside a value is not quoted. Export again instead of editing by hand.".into(),
            ),
            Flaw::Quote => (
                "A quote that takes in other rows".into(),
                "What stands between two quotes is one cell, over any number of lines: the people on the lines inside were not looked at.".into(),
                "Look at the line: close the quote, take it out, or double it if it belongs to the value, as in `5\"\" desk`. Then check the file again.".into(),
            ),
            Flaw::FewCells => (
                "Rows with too few cells".into(),
                "The missing ones count as empty.".into(),
                "Look whether the line was cut off.".into(),
            ),
            Flaw::EmptyRow => ("Empty rows".into(), "They are no people and were left out.".into(), "Nothing has to be done.".into()),
            Flaw::Sample => (
                "The template's example".into(),
                "It is no person and was left out.".into(),
                "Delete the row before you upload the file anywhere.".into(),
            ),
        };
        (title, why, fix)
    }
}
