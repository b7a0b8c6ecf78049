//! Which page of the doctor helps with which of the engineer's own errors.

use crate::{Class, Code};

impl Class {
    /// The class of an error of the program's own checks; none where no page would help.
    pub fn of(code: Code) -> Option<Self> {
        match code {
            Code::Dns | Code::Connect | Code::Timeout => Some(Self::Unreachable),
            Code::Tls => Some(Self::Tls),
            Code::Proxy => Some(Self::Proxy),
            Code::Redirect | Code::NotFound | Code::WrongPath | Code::GroupsBroken => Some(Self::WrongPath),
            Code::Unauthorized => Some(Self::BadCredentials),
            Code::Expired => Some(Self::TokenExpired),
            Code::Forbidden | Code::RoleMissing => Some(Self::RoleMissing),
            Code::NotScim | Code::TooLarge => Some(Self::NotScim),
            Code::Conflict => Some(Self::Duplicate),
            Code::RateLimited => Some(Self::RateLimited),
            Code::ServerError => Some(Self::TargetError),
            Code::Refused => Some(Self::TargetRejected),
            Code::FilterIgnored => Some(Self::FilterIgnored),
            Code::PagingBroken => Some(Self::PagingBroken),
            Code::NotArrived => Some(Self::NotAssigned),
            Code::MappingDiffers => Some(Self::MappingInvalid),
            Code::MembersMissing => Some(Self::NestedGroup),
            Code::ClockSkew => Some(Self::ClockSkew),
            // What these need is said by the program itself: they concern this computer, or only this program.
            Code::TokenNotRecognised
            | Code::StillAccepted
            | Code::ConsoleRefused
            | Code::WrongInput
            | Code::Vault
            | Code::Disk
            | Code::AlreadyOpen
            | Code::UnreadableFile
            | Code::Cancelled
            | Code::Practice => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Class, Code};

    #[test]
    fn an_error_leads_to_the_page_that_mends_it() {
        for (code, class) in [
            (Code::Unauthorized, Some(Class::BadCredentials)),
            (Code::Expired, Some(Class::TokenExpired)),
            (Code::Timeout, Some(Class::Unreachable)),
            (Code::Redirect, Some(Class::WrongPath)),
            (Code::MembersMissing, Some(Class::NestedGroup)),
            (Code::Vault, None),
        ] {
            assert_eq!(Class::of(code), class, "{code:?}");
        }
    }
}
