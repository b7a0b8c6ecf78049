//! Which target's console the administrator stands before. What there is to do at each stands in a file of its own.

use usher_core::{Problem, Secret, view::ChoiceOption};
use usher_sandbox::{Addresses, Target};

use super::{
    aws::Aws, azion::Azion, browser::Browser, console::Console, greenlake::Greenlake, service::Service, told::Told,
};

pub(super) enum AnyTarget {
    Greenlake(Greenlake),
    Aws(Aws),
    Azion(Azion),
    Service(Service),
}

impl AnyTarget {
    pub(super) fn of(addresses: &Addresses, browser: &Browser) -> Self {
        let (browser, address) = (browser.clone(), &addresses.portal_url);
        match addresses.target {
            Target::HpeGreenlake => Self::Greenlake(Greenlake::new(browser, address)),
            Target::AwsIdentityCenter => Self::Aws(Aws::new(browser, address)),
            Target::Azion => Self::Azion(Azion::new(browser, address)),
            Target::Generic => Self::Service(Service::new(browser, address)),
        }
    }
}

impl Console for AnyTarget {
    async fn secret(&mut self, id: &str) -> Result<Option<Secret>, Problem> {
        match self {
            Self::Greenlake(console) => console.secret(id).await,
            Self::Aws(console) => console.secret(id).await,
            Self::Azion(console) => console.secret(id).await,
            Self::Service(console) => console.secret(id).await,
        }
    }

    async fn does(&mut self, id: &str) -> Result<bool, Problem> {
        match self {
            Self::Greenlake(console) => console.does(id).await,
            Self::Aws(console) => console.does(id).await,
            Self::Azion(console) => console.does(id).await,
            Self::Service(console) => console.does(id).await,
        }
    }

    async fn answers(&mut self, told: &Told, id: &str, options: &[ChoiceOption]) -> Result<Option<String>, Problem> {
        match self {
            Self::Greenlake(console) => console.answers(told, id, options).await,
            Self::Aws(console) => console.answers(told, id, options).await,
            Self::Azion(console) => console.answers(told, id, options).await,
            Self::Service(console) => console.answers(told, id, options).await,
        }
    }

    async fn deletes_the_old_token(&mut self) -> Result<(), Problem> {
        match self {
            Self::Greenlake(console) => console.deletes_the_old_token().await,
            Self::Aws(console) => console.deletes_the_old_token().await,
            Self::Azion(console) => console.deletes_the_old_token().await,
            Self::Service(console) => console.deletes_the_old_token().await,
        }
    }

    async fn types(&mut self, id: &str) -> Result<Option<String>, Problem> {
        match self {
            Self::Greenlake(console) => console.types(id).await,
            Self::Aws(console) => console.types(id).await,
            Self::Azion(console) => console.types(id).await,
            Self::Service(console) => console.types(id).await,
        }
    }
}
