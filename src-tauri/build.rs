//! Tauri's build step: checks the configuration and puts the built pages into the binary.

fn main() {
    println!("cargo:rerun-if-changed=../ui/dist");
    tauri_build::build();
}
