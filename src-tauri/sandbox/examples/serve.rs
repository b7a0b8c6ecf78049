//! Starts a practice world and prints where everything is, as JSON on one line; ends with Ctrl-C.
//! Arguments: `target=aws-identity-center`, `prepared`, `port=8080`, `state=FILE`, and names of faults.

use usher_sandbox::{Options, Sandbox};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut options = Options::default();
    for argument in std::env::args().skip(1) {
        match argument.split_once('=') {
            Some(("target", target)) => options.target = target.parse()?,
            Some(("port", port)) => options.port = port.parse()?,
            Some(("state", path)) => options.state_file = Some(path.into()),
            _ if argument == "prepared" => options.prepared = true,
            _ => options.faults.push(argument.parse()?),
        }
    }
    let sandbox = Sandbox::start(options).await?;
    let line = serde_json::to_string(sandbox.addresses())?;
    std::io::Write::write_all(&mut std::io::stdout(), format!("{line}\n").as_bytes())?;
    tokio::signal::ctrl_c().await?;
    sandbox.stop().await;
    Ok(())
}
