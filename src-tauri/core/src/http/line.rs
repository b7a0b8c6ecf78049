//! Walks the line to a host, step by step, so that it can be said how far it goes: the name, the connection, TLS. It sends
//! no token; through a proxy it sends the CONNECT that any request would, and where TLS does not come about it asks once
//! whether plain http does. Whether the line is good is for the requests to say: a request that is answered counts more
//! than a walk that was not.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    pin::pin,
    sync::Arc,
    time::Duration,
};

use rustls::{ProtocolVersion, pki_types::ServerName};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpStream, lookup_host},
    time::{Instant, sleep_until, timeout_at},
};
use tokio_rustls::{TlsConnector, client::TlsStream};
use url::{Host, Url};

use super::{
    Http,
    certificate::Certificate,
    is_loopback,
    tls_fault::TlsFault,
    tunnel::{self, Tunnel},
    witness::Witness,
};

/// What the walk has found so far; `None` where it has not been yet.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line {
    pub(crate) name: Option<Name>,
    pub(crate) reached: Option<Reached>,
    pub(crate) secured: Option<Result<Secured, Unsecured>>,
}

/// Where the host's name leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Name {
    /// It is an address already.
    Address(IpAddr),
    /// Looked up here.
    Addresses(Vec<IpAddr>),
    /// This proxy looks it up.
    ByProxy(String),
    /// It has no address.
    Unknown,
    /// The name servers did not answer in time.
    NoAnswer,
}

/// How far a connection comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reached {
    /// This address took it. `silent`: those of the other family that did not, though this computer has it.
    Direct { address: SocketAddr, silent: Vec<SocketAddr> },
    /// No address took it.
    Nowhere,
    /// Through a proxy, or as far as it lets through.
    Proxy { place: String, signed_in: bool, tunnel: Tunnel },
}

/// A connection that the system trusts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Secured {
    /// "TLS 1.3".
    pub(crate) version: &'static str,
    /// The server's certificate first.
    pub(crate) chain: Vec<Certificate>,
}

/// One that it does not trust, or that is not TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unsecured {
    /// `None`: it broke off, or there was no answer in time.
    pub(crate) fault: Option<TlsFault>,
    pub(crate) chain: Vec<Certificate>,
}

impl Http {
    /// Walks as far as it goes, at most as long as a connection may take. `see` hears after each step.
    pub(crate) async fn walk(&self, url: &Url, see: impl Fn(&Line)) -> Line {
        let mut line = Line::default();
        if self.limits.loopback_only && !is_loopback(url) {
            return line;
        }
        let end = Instant::now() + self.limits.connect;
        let Some((stream, host)) = self.connect(url, &mut line, &see, end).await else { return line };
        if url.scheme() == "https" {
            let direct = matches!(line.reached, Some(Reached::Direct { .. }));
            line.secured = Some(self.secure(stream, &host, direct, end).await);
            see(&line);
        }
        line
    }

    async fn connect(
        &self,
        url: &Url,
        line: &mut Line,
        see: &impl Fn(&Line),
        end: Instant,
    ) -> Option<(TcpStream, String)> {
        let host = url.host_str()?.trim_start_matches('[').trim_end_matches(']').to_owned();
        let port = url.port_or_known_default()?;
        if let Some(proxy) = self.intercept(url) {
            let place = tunnel::place(&proxy);
            line.name = Some(Name::ByProxy(place.clone()));
            see(line);
            let (tunnel, stream) = tunnel::open(&proxy, url, end).await;
            line.reached = Some(Reached::Proxy { place, signed_in: proxy.basic_auth().is_some(), tunnel });
            see(line);
            return stream.map(|stream| (stream, host));
        }
        let name = name(url, port, end).await;
        let addresses = match &name {
            Name::Address(address) => vec![*address],
            Name::Addresses(addresses) => addresses.clone(),
            Name::ByProxy(_) | Name::Unknown | Name::NoAnswer => Vec::new(),
        };
        line.name = Some(name);
        see(line);
        if addresses.is_empty() {
            return None;
        }
        let reached = reach(&addresses, port, end).await;
        let (reached, stream) = reached.map_or((Reached::Nowhere, None), |(reached, stream)| (reached, Some(stream)));
        line.reached = Some(reached);
        see(line);
        stream.map(|stream| (stream, host))
    }

    async fn secure(&self, stream: TcpStream, host: &str, direct: bool, end: Instant) -> Result<Secured, Unsecured> {
        let (config, keeping) = self.trust.keeping();
        let unsecured = |fault| Unsecured { fault, chain: keeping.chain() };
        let Ok(name) = ServerName::try_from(host.to_owned()) else { return Err(unsecured(None)) };
        let peer = stream.peer_addr().ok();
        let (witness, heard) = Witness::of(stream);
        let shaken = timeout_at(end, TlsConnector::from(Arc::new(config)).connect(name, witness)).await;
        match shaken {
            Ok(Ok(mut stream)) => {
                let version = version(stream.get_ref().1.protocol_version());
                match keeping.asks_for_certificate() && breaks_off(&mut stream, end).await {
                    true => Err(unsecured(Some(TlsFault::ClientCertificate))),
                    false => Ok(Secured { version, chain: keeping.chain() }),
                }
            }
            Ok(Err(error)) => {
                let fault = match TlsFault::behind(&error) {
                    None | Some(TlsFault::NothingInCommon | TlsFault::Alert) if keeping.asks_for_certificate() => {
                        Some(TlsFault::ClientCertificate)
                    }
                    fault => fault,
                };
                let unclear = matches!(fault, None | Some(TlsFault::NotTls));
                let plain = heard.is_plain_http() || (unclear && direct && speaks_plain_http(peer, end).await);
                Err(unsecured(if plain { Some(TlsFault::PlainHttp) } else { fault }))
            }
            Err(_) => Err(unsecured(None)),
        }
    }
}

/// With TLS 1.3, a server that misses the client's certificate says so only after the client holds everything for good.
async fn breaks_off(stream: &mut TlsStream<Witness>, end: Instant) -> bool {
    let end = end.min(Instant::now() + Duration::from_millis(500));
    matches!(timeout_at(end, stream.read_u8()).await, Ok(Err(error)) if TlsFault::behind(&error).is_some())
}

/// Some servers hang up on TLS without a word.
async fn speaks_plain_http(peer: Option<SocketAddr>, end: Instant) -> bool {
    let asked = async {
        let mut stream = TcpStream::connect(peer?).await.ok()?;
        stream.write_all(b"HEAD / HTTP/1.0\r\n\r\n").await.ok()?;
        let mut begin = [0; 5];
        stream.read_exact(&mut begin).await.ok()?;
        Some(begin == *b"HTTP/")
    };
    timeout_at(end, asked).await.ok().flatten().unwrap_or(false)
}

fn version(version: Option<ProtocolVersion>) -> &'static str {
    match version {
        Some(ProtocolVersion::TLSv1_2) => "TLS 1.2",
        Some(ProtocolVersion::TLSv1_3) => "TLS 1.3",
        _ => "TLS",
    }
}

async fn name(url: &Url, port: u16, end: Instant) -> Name {
    match url.host() {
        Some(Host::Ipv4(address)) => Name::Address(address.into()),
        Some(Host::Ipv6(address)) => Name::Address(address.into()),
        // As the client resolves it.
        Some(Host::Domain(_)) if is_loopback(url) => {
            Name::Addresses(vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()])
        }
        Some(Host::Domain(name)) => match timeout_at(end, lookup_host((name, port))).await {
            Ok(Ok(found)) => addresses(found),
            Ok(Err(_)) => Name::Unknown,
            Err(_) => Name::NoAnswer,
        },
        None => Name::Unknown,
    }
}

fn addresses(found: impl Iterator<Item = SocketAddr>) -> Name {
    let mut all: Vec<IpAddr> = Vec::new();
    for address in found.take(40).map(|address| address.ip()) {
        if !all.contains(&address) {
            all.push(address);
        }
    }
    if all.is_empty() { Name::Unknown } else { Name::Addresses(all) }
}

/// Tries one address after the other, both families at the same time. When one has taken the connection, the other family
/// gets twice as long to do so, and is then called silent.
async fn reach(addresses: &[IpAddr], port: u16, end: Instant) -> Option<(Reached, TcpStream)> {
    let of = |six: bool| -> Vec<SocketAddr> {
        let family = addresses.iter().filter(|address| address.is_ipv6() == six);
        family.map(|address| SocketAddr::new(*address, port)).collect()
    };
    let (four, six) = (of(false), of(true));
    let (by_four, by_six) = both(family(&four, end), family(&six, end)).await;
    let silent = match (&by_four, &by_six) {
        (Tried::Silent, _) => four,
        (_, Tried::Silent) => six,
        _ => Vec::new(),
    };
    let ((Tried::Taken(stream), _) | (_, Tried::Taken(stream))) = (by_four, by_six) else { return None };
    let address = stream.peer_addr().ok()?;
    Some((Reached::Direct { address, silent }, stream))
}

async fn both(four: impl Future<Output = Tried>, six: impl Future<Output = Tried>) -> (Tried, Tried) {
    let (mut four, mut six) = (pin!(four), pin!(six));
    let began = Instant::now();
    let (mut by_four, mut by_six, mut last) = (None, None, None);
    while by_four.is_none() || by_six.is_none() {
        tokio::select! {
            tried = &mut four, if by_four.is_none() => by_four = Some(tried),
            tried = &mut six, if by_six.is_none() => by_six = Some(tried),
            () = until(last) => break,
        }
        let taken = |tried: &Option<Tried>| matches!(tried, Some(Tried::Taken(_)));
        if last.is_none() && (taken(&by_four) || taken(&by_six)) {
            let more = (began.elapsed() * 2).clamp(Duration::from_millis(150), Duration::from_secs(1));
            last = Some(Instant::now() + more);
        }
    }
    (by_four.unwrap_or(Tried::Silent), by_six.unwrap_or(Tried::Silent))
}

async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

/// What came of the addresses of one family.
enum Tried {
    Taken(TcpStream),
    Silent,
    /// There are none, or this computer has no way to this family.
    NotHere,
}

async fn family(addresses: &[SocketAddr], end: Instant) -> Tried {
    let mut tried = Tried::NotHere;
    for address in addresses.iter().take(3) {
        match timeout_at(end, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Tried::Taken(stream),
            Ok(Err(error)) if no_way(&error) => {}
            Ok(Err(_)) | Err(_) => tried = Tried::Silent,
        }
    }
    tried
}

fn no_way(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NetworkUnreachable | io::ErrorKind::AddrNotAvailable)
}
