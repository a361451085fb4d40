//! `muster-net-lab`: the parts of the network lab as programs, and the transfer benchmarks. For development only.

#[cfg(target_os = "linux")]
mod commands;

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<()> {
    commands::run()
}

#[cfg(not(target_os = "linux"))]
fn main() {
    eprintln!("muster-net-lab needs the network namespaces of Linux");
    std::process::exit(1);
}
