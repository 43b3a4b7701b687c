//! `cargo xtask layers`: who may import whom. The one rule: nothing that `kua-server` links can decrypt.

use std::collections::BTreeSet;

use acceptance::processes::Run as _;
use anyhow::{Context as _, bail};

use crate::cargo::{cargo, has_subcommand, run as run_command};

/// What one package of the workspace may link, directly or through others.
struct Layer {
    package: &'static str,
    /// The packages of the workspace that it may link; all others are forbidden.
    house: &'static [&'static str],
    /// Crates from outside that it must not link.
    never: &'static [&'static str],
}

/// Formats and traits of encryption: who links none of these cannot decrypt.
const CIPHERS: &[&str] = &["age", "age-core", "aead", "cipher", "ml-kem", "x25519-dalek"];
const NETWORK: &[&str] = &["axum", "hyper", "reqwest", "tokio"];

/// The arrows of the architecture page.
const LAYERS: &[Layer] = &[
    Layer {
        package: "kua-server",
        house: &["kua-clock", "kua-protocol", "kua-site", "kua-store", "kua-store-local"],
        never: CIPHERS,
    },
    Layer { package: "kua-store", house: &["kua-protocol"], never: CIPHERS },
    Layer { package: "kua-store", house: &["kua-protocol"], never: &["sled"] },
    Layer { package: "kua-store", house: &["kua-protocol"], never: NETWORK },
    Layer { package: "kua-store-local", house: &["kua-protocol", "kua-store"], never: CIPHERS },
    Layer { package: "kua-protocol", house: &[], never: CIPHERS },
    Layer { package: "kua-protocol", house: &[], never: NETWORK },
    Layer { package: "kua-clock", house: &["kua-protocol"], never: CIPHERS },
    Layer { package: "kua-clock", house: &["kua-protocol"], never: NETWORK },
    Layer { package: "kua-export", house: &["kua-protocol", "kua-report"], never: CIPHERS },
    Layer { package: "kua-export", house: &["kua-protocol", "kua-report"], never: NETWORK },
    Layer { package: "kua-site", house: &[], never: CIPHERS },
    Layer { package: "kua-site", house: &[], never: NETWORK },
    Layer { package: "kua-metadata", house: &[], never: CIPHERS },
    Layer { package: "kua-metadata", house: &[], never: NETWORK },
    Layer { package: "kua-report", house: &[], never: CIPHERS },
    Layer { package: "kua-report", house: &[], never: NETWORK },
    Layer { package: "kua-caselog", house: &["kua-protocol", "kua-report"], never: CIPHERS },
    Layer { package: "kua-caselog", house: &["kua-protocol", "kua-report"], never: NETWORK },
    Layer { package: "age-hybrid", house: &[], never: NETWORK },
    Layer { package: "kua-sealing", house: &["age-hybrid", "kua-protocol"], never: NETWORK },
    Layer {
        package: "kua",
        house: &[
            "age-hybrid",
            "kua-caselog",
            "kua-clock",
            "kua-export",
            "kua-metadata",
            "kua-protocol",
            "kua-report",
            "kua-sealing",
            "kua-site",
        ],
        never: &["sled"],
    },
    // They drive processes, and compile in seconds.
    Layer { package: "acceptance", house: &[], never: NETWORK },
    Layer { package: "xtask", house: &["acceptance"], never: NETWORK },
];

/// Checks every layer, and with `cargo deny`, where it is installed, the licences, sources and bans of `deny.toml`.
pub(crate) fn run() -> anyhow::Result<()> {
    let members = members()?;
    let described: BTreeSet<String> = LAYERS.iter().map(|layer| layer.package.to_owned()).collect();
    if let Some(member) = members.difference(&described).next() {
        bail!("{member} has no place in the architecture: give it one in crates/xtask/src/layers.rs");
    }
    let mut faults = Vec::new();
    for layer in LAYERS {
        faults.extend(faults_of(layer, &members, &tree(layer.package)?));
    }
    if !faults.is_empty() {
        bail!("layers are crossed:\n  {}", faults.join("\n  "));
    }
    println!(
        "Layers: {} packages keep to the architecture; kua-server links nothing that decrypts.",
        members.len()
    );
    if has_subcommand("deny") {
        run_command(&mut cargo(&["deny", "--locked", "check", "bans", "licenses", "sources"]))
    } else {
        println!(
            "cargo-deny is not installed: licences and sources were not checked (cargo install cargo-deny)."
        );
        Ok(())
    }
}

/// The names of the workspace's packages.
fn members() -> anyhow::Result<BTreeSet<String>> {
    let metadata = cargo(&["metadata", "--locked", "--no-deps", "--format-version", "1"]).json()?;
    let packages = metadata["packages"].as_array().context("cargo metadata names no packages")?;
    Ok(packages.iter().filter_map(|package| package["name"].as_str()).map(str::to_owned).collect())
}

/// All that a package links, a line each: `NAME vVERSION …`.
fn tree(package: &str) -> anyhow::Result<String> {
    Ok(cargo(&["tree", "--locked", "-p", package, "--edges", "normal", "--prefix", "none"]).succeed()?)
}

/// What a package links and may not.
fn faults_of(layer: &Layer, members: &BTreeSet<String>, tree: &str) -> Vec<String> {
    let linked: BTreeSet<&str> = tree.lines().filter_map(|line| line.split_whitespace().next()).collect();
    let forbidden = |name: &str| {
        let foreign_house = members.contains(name) && name != layer.package && !layer.house.contains(&name);
        foreign_house || layer.never.contains(&name)
    };
    let faults = linked.into_iter().filter(|name| forbidden(name));
    faults.map(|name| format!("{} links {name}", layer.package)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(tree: &str) -> Vec<String> {
        let members = LAYERS.iter().map(|layer| layer.package.to_owned()).collect();
        faults_of(&LAYERS[0], &members, tree)
    }

    #[test]
    fn the_drop_may_link_its_own_layers_and_nothing_that_opens() {
        let allowed =
            "kua-server v0.1.0 (/p/server)\nkua-store v0.1.0 (/p/store)\naxum v0.8.9\nsled v0.34.7 (*)\n";
        assert!(faults(allowed).is_empty());
        for forbidden in ["age", "age-core", "age-hybrid", "kua-sealing", "kua-report", "kua", "aead"] {
            let tree = format!("{allowed}{forbidden} v0.1.0\n");
            assert_eq!(faults(&tree), [format!("kua-server links {forbidden}")]);
        }
        assert!(faults("agenda v1.0.0\n").is_empty(), "whole names are compared");
    }

    #[test]
    fn the_check_fails_on_a_real_tree_that_decrypts() {
        let faults = faults(&tree("kua").unwrap());
        for forbidden in ["age", "age-hybrid", "kua-sealing", "kua-report"] {
            assert!(faults.contains(&format!("kua-server links {forbidden}")), "{forbidden}: {faults:?}");
        }
    }
}
