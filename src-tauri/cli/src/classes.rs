//! Which fault of the practice world shows which class of trouble. The practice world knows nothing of classes and the core
//! nothing of faults; here both are known.

use usher_core::Class;
use usher_sandbox::Fault;

/// The faults with which a class can be seen, the plainest first. None for what is seen without any: all is well.
pub fn faults_of(class: Class) -> &'static [Fault] {
    match class {
        Class::TokenExpired => &[Fault::ScimTokenExpired, Fault::AccessTokenExpired],
        Class::TokenExpiring => &[Fault::TokenEndsSoon],
        Class::BadCredentials => &[Fault::ConsoleRefuses, Fault::ScimUnauthorized],
        Class::Unreachable => &[Fault::ScimUnreachable, Fault::ScimSilent, Fault::ApiSilent],
        Class::Tls => &[Fault::ScimTls],
        Class::Proxy => &[Fault::ProxyRefuses],
        Class::ClockSkew => &[Fault::ClockSkew],
        Class::WrongPath => &[Fault::ScimNotFound, Fault::ApiNotFound, Fault::ScimUrlLiteral],
        Class::NotScim => {
            &[Fault::ScimHtml, Fault::ScimTruncated, Fault::ScimHuge, Fault::ScimRedirect, Fault::ApiHtml]
        }
        Class::RegionMismatch => &[Fault::WrongRegion],
        Class::FilterIgnored => &[Fault::FilterIgnored],
        Class::PagingBroken => &[Fault::IdsRepeat, Fault::PagingIgnored, Fault::TotalsLie],
        Class::MissingAttribute => &[Fault::UsersRefused],
        Class::UnsupportedAttribute => &[Fault::AttributesRefused],
        Class::ForbiddenCharacter => &[Fault::CharacterRefused],
        Class::MappingInvalid => &[Fault::MappingInvalid],
        Class::PatchDialect => &[Fault::PatchStrict],
        Class::UpdateOff => &[Fault::UpdateOff],
        Class::NotAssigned => &[Fault::NothingArrives],
        Class::Duplicate => &[Fault::UsersExist, Fault::TokenExists],
        // At Okta, the same fault means that nobody may be created.
        Class::MatchingUserNotFound => &[Fault::NothingArrives],
        Class::NestedGroup => &[Fault::NestedGroup],
        Class::GroupPush => &[Fault::SameGroup, Fault::EveryoneChosen],
        Class::GroupTooLarge => &[Fault::GroupTooLarge],
        Class::StaleGroupMapping => &[Fault::GroupGone],
        Class::NameidMismatch => &[Fault::NameidDiffers],
        Class::RateLimited => {
            &[Fault::ScimRateLimited, Fault::ApiRateLimited, Fault::ApiRateLimitedDate, Fault::ApiRateLimitedBare]
        }
        Class::Quarantine => &[Fault::Quarantine],
        Class::TooManyDeletes => &[Fault::ManyDeletes],
        Class::FirstCycleRunning => &[Fault::FirstCycleSlow],
        Class::SecretTooLarge => &[Fault::SecretTooLarge],
        Class::TwoTokenLimit => &[Fault::TokenLimit],
        Class::WrongAppType => &[Fault::AppTypeWrong],
        Class::AppSetting => &[Fault::IntegrationOff, Fault::IdpInactive],
        Class::RoleMissing => &[Fault::RoleMissing, Fault::IdpRoleMissing, Fault::ScimForbidden],
        Class::LicenceMissing => &[Fault::PlanMissing, Fault::GroupsUnlicensed],
        Class::SignInBlocked => &[Fault::SignInBlocked],
        Class::SignInExpired => &[Fault::SignInExpired],
        Class::ConsentNeeded => &[Fault::ConsentNeeded],
        Class::PublicClientOff => &[Fault::PublicClientOff],
        Class::ClientIdWrong => &[Fault::ClientIdWrong],
        Class::AwsSessionExpired => &[Fault::SessionExpired],
        Class::TargetError => &[Fault::ScimServerError, Fault::GroupsBroken, Fault::ApiServerError],
        Class::TargetRejected => &[Fault::UsersRejected],
        Class::Success => &[],
        Class::Unrecognised => &[Fault::OddError],
    }
}
