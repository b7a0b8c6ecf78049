//! What can differ between what was sent and what is there, and what probably lies behind it: two small closed sets, the
//! same in the window, on the command line and in the file that is saved.

use serde::Serialize;

use crate::class::Class;

macro_rules! slugs {
    ($(#[doc = $about:literal])+ $name:ident { $($(#[doc = $note:literal])+ $variant:ident $slug:literal,)+ }) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[cfg_attr(test, derive(ts_rs::TS))]
        pub enum $name { $($(#[doc = $note])+ #[serde(rename = $slug)] $variant,)+ }

        impl $name {
            /// All of them, in the order in which they are told.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The word in JSON, in a saved file and in filters.
            pub fn slug(self) -> &'static str {
                match self { $(Self::$variant => $slug,)+ }
            }
        }
    };
}

slugs! {
    /// What differs.
    Kind {
        /// In the export, and not at the target.
        Missing "missing",
        /// At the target, and not in the export.
        Unexpected "unexpected",
        /// Two at the target are one person of the export, or one another by the matching attribute.
        Duplicate "duplicate",
        /// Switched off on one side only.
        Disabled "disabled",
        /// One attribute has another value.
        Attribute "attribute",
        /// A group of the export is not at the target.
        GroupMissing "group-missing",
        /// A group at the target is not in the export.
        GroupUnexpected "group-unexpected",
        /// In the group by the export, and not at the target.
        MemberMissing "member-missing",
        /// In the group at the target, and not by the export.
        MemberUnexpected "member-unexpected",
    }
}

slugs! {
    /// What probably lies behind it.
    Cause {
        /// Not assigned to the app, or out of its scope.
        NotAssigned "not-assigned",
        /// The people check says that this row is refused or skipped.
        WouldFail "would-fail",
        /// The cycle has not come that far.
        CycleRunning "cycle-running",
        /// Comes from a group inside a group.
        NestedGroup "nested-group",
        /// A guest.
        Guest "guest",
        /// Made at the target by hand, or by another system.
        ByHand "by-hand",
        /// Out of scope: switched off at the target, and deleted later.
        OutOfScope "out-of-scope",
        /// Disabled at the identity provider, and still active at the target.
        LeaverActive "leaver-active",
        /// Switched off at the target, though not at the identity provider.
        SwitchedOff "switched-off",
        /// Changed at the identity provider since it was sent, or at the target by hand.
        ChangedSince "changed-since",
        /// Emptied at the identity provider: that is not sent.
        NotCleared "not-cleared",
        /// The same attribute differs for nearly everybody: the mapping takes another source.
        WrongSource "wrong-source",
        /// Twice by the matching attribute.
        Twice "twice",
        /// The person is not there, so cannot be in the group.
        PersonMissing "person-missing",
        /// Okta pushes a group only if it is told to.
        GroupPush "group-push",
        /// The group is not assigned, or not in scope.
        GroupNotAssigned "group-not-assigned",
        /// Who left the group is still in it at the target.
        LeftGroup "left-group",
    }
}

impl Cause {
    /// The class of trouble with a page in the doctor, where one fits. Why a person would fail has one of its own.
    pub fn class(self) -> Option<Class> {
        Some(match self {
            Self::NotAssigned | Self::GroupNotAssigned | Self::Guest => Class::NotAssigned,
            Self::CycleRunning => Class::FirstCycleRunning,
            Self::NestedGroup => Class::NestedGroup,
            Self::LeaverActive => Class::UpdateOff,
            Self::WrongSource => Class::MappingInvalid,
            Self::Twice => Class::Duplicate,
            Self::GroupPush => Class::GroupPush,
            Self::LeftGroup => Class::StaleGroupMapping,
            Self::WouldFail
            | Self::ByHand
            | Self::OutOfScope
            | Self::SwitchedOff
            | Self::ChangedSince
            | Self::NotCleared
            | Self::PersonMissing => return None,
        })
    }
}
