//! What is wrong with a server's certificate or its TLS, told apart and put into words.

use std::io;

use rustls::{AlertDescription, CertificateError, PeerIncompatible};

use super::failure::chain;
use crate::error::{Code, Problem};

/// What is wrong with the server's certificate or its TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TlsFault {
    Expired,
    NotYetValid,
    UnknownIssuer,
    /// A self-signed certificate that says it is a certificate authority; curl takes it when it is trusted.
    AuthoritysOwn,
    WrongName,
    Revoked,
    OtherCertificate,
    /// TLS 1.1 or older.
    TooOld,
    /// HTTP without TLS; only who listens to the bytes can tell.
    PlainHttp,
    NotTls,
    /// The server wants one from the client; Usher and the identity providers have none.
    ClientCertificate,
    NothingInCommon,
    /// The server does not know the name that was asked for.
    NameRefused,
    /// Another alert of the server's.
    Alert,
}

impl TlsFault {
    /// What TLS says behind an error of the line.
    pub(super) fn behind(error: &io::Error) -> Option<Self> {
        chain(error).iter().find_map(|cause| cause.downcast_ref::<rustls::Error>()).map(Self::of)
    }

    pub(super) fn of(error: &rustls::Error) -> Self {
        match error {
            rustls::Error::InvalidCertificate(fault) => match fault {
                CertificateError::Expired | CertificateError::ExpiredContext { .. } => Self::Expired,
                CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Self::NotYetValid,
                CertificateError::UnknownIssuer => Self::UnknownIssuer,
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => Self::WrongName,
                CertificateError::Revoked => Self::Revoked,
                CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
                    Self::AuthoritysOwn
                }
                _ => Self::OtherCertificate,
            },
            rustls::Error::AlertReceived(AlertDescription::ProtocolVersion)
            | rustls::Error::PeerIncompatible(
                PeerIncompatible::ServerDoesNotSupportTls12Or13
                | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig
                | PeerIncompatible::Tls12NotOfferedOrEnabled,
            ) => Self::TooOld,
            rustls::Error::AlertReceived(alert) => Self::told(*alert),
            _ => Self::NotTls,
        }
    }

    /// What the server says when it breaks off.
    fn told(alert: AlertDescription) -> Self {
        match alert {
            AlertDescription::CertificateRequired => Self::ClientCertificate,
            AlertDescription::HandshakeFailure | AlertDescription::InsufficientSecurity => Self::NothingInCommon,
            AlertDescription::UnrecognisedName => Self::NameRefused,
            _ => Self::Alert,
        }
    }
}

/// The words for it, and what to do next.
pub(crate) fn tls_problem(fault: TlsFault, host: &str) -> Problem {
    let problem = |why: &str| {
        Problem::new(Code::Tls, format!("The connection to {host} is not trustworthy: {why}. Nothing was sent."))
    };
    let refused = |why: &str| Problem::new(Code::Tls, format!("{host} breaks the connection off: {why}."));
    let team = format!("Tell the team that runs {host}.");
    match fault {
        TlsFault::Expired => problem("its certificate has expired")
            .hint("Check this computer's date and time.")
            .hint(team),
        TlsFault::NotYetValid => problem("its certificate is not valid yet")
            .hint("Check this computer's date and time."),
        TlsFault::UnknownIssuer => problem("its certificate is self-signed or comes from an issuer that this computer does not know")
            .hint("If your company inspects TLS traffic or runs its own certificate authority, have its root certificate installed in the operating system's trust store. Usher uses that store.")
            .hint("Compare the host name letter by letter with the one in the console."),
        TlsFault::AuthoritysOwn => problem("its certificate is self-signed and marked as a certificate authority's own, which a server's certificate may not be")
            .hint("If it is your own server: give it a certificate without that mark (basicConstraints CA:FALSE). Trusting this one is not enough.")
            .hint(team),
        TlsFault::WrongName => problem("its certificate belongs to another name")
            .hint("Compare the host name letter by letter with the one in the console.")
            .hint(team),
        TlsFault::Revoked => problem("its certificate was revoked").hint(team),
        TlsFault::OtherCertificate => problem("its certificate cannot be checked").hint(team),
        TlsFault::TooOld => problem("the other side speaks only TLS 1.1 or older, which is broken; Usher and the identity providers need 1.2 or newer")
            .hint(team)
            .hint("If its team says that it speaks TLS 1.2, a proxy or firewall in between may be breaking TLS open; ask your network team."),
        TlsFault::PlainHttp => problem("what listens there speaks http without any protection")
            .hint("Check the port in the URL: https usually needs none.")
            .hint(format!("{team} The identity provider sends the token over https only.")),
        TlsFault::NotTls => problem("the other side does not speak the TLS that Usher needs (1.2 or newer)")
            .hint("Check the port in the URL: https usually needs none.")
            .hint("A proxy or firewall in between may be breaking TLS open; ask your network team."),
        TlsFault::ClientCertificate => refused("it asks for a client certificate (mutual TLS)")
            .hint("Usher has none, and neither have the identity providers. Check host name and port in the URL: another address of this service may be meant for them.")
            .hint(format!("{team} It must let the identity provider in with the token alone.")),
        TlsFault::NothingInCommon => refused("it finds no common cipher or version of TLS")
            .hint(format!("{team} Usher offers TLS 1.2 and 1.3 with the ciphers that are usual today (ECDHE with AES-GCM or ChaCha20)."))
            .hint("Some servers say this, too, when they want a client certificate or do not know the host name."),
        TlsFault::NameRefused => refused("it has nothing under this name")
            .hint("Compare the host name letter by letter with the one in the console.")
            .hint(team),
        TlsFault::Alert => refused("it refuses TLS with an alert")
            .hint("Check host name and port in the URL.")
            .hint(team),
    }
}
