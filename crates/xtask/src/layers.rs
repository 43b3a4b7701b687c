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

/// What speaks to a person at a terminal: what a client does has no words, no bars and no arguments.
const TERMINAL: &[&str] =
    &["clap", "console", "crossterm", "indicatif", "rpassword", "sled", "sys-locale", "termion"];

/// Crates that a package must not use itself, though it may link them through others: age speaks through Fluent.
const NEVER_DIRECTLY: &[(&str, &[&str])] = &[("kua-client", &["fluent-bundle", "i18n-embed", "unic-langid"])];

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
    Layer { package: "kua-report", house: &["kua-protocol"], never: CIPHERS },
    Layer { package: "kua-report", house: &["kua-protocol"], never: NETWORK },
    Layer { package: "kua-caselog", house: &["kua-protocol", "kua-report"], never: CIPHERS },
    Layer { package: "kua-caselog", house: &["kua-protocol", "kua-report"], never: NETWORK },
    Layer { package: "age-hybrid", house: &[], never: NETWORK },
    Layer { package: "kua-sealing", house: &["age-hybrid", "kua-protocol"], never: NETWORK },
    Layer {
        package: "kua-client",
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
        never: TERMINAL,
    },
    Layer {
        package: "kua",
        house: &[
            "age-hybrid",
            "kua-caselog",
            "kua-client",
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
        faults.extend(faults_of(layer, &members, &tree(layer.package, &[])?));
    }
    for (package, never) in NEVER_DIRECTLY {
        let layer = Layer { package, house: &[], never };
        faults.extend(faults_of(&layer, &BTreeSet::new(), &tree(package, &["--depth", "1"])?));
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

/// All that a package links, a line each: `NAME vVERSION …`; with more options of cargo, some of it.
fn tree(package: &str, more: &[&str]) -> anyhow::Result<String> {
    let words = ["tree", "--locked", "-p", package, "--edges", "normal", "--prefix", "none"];
    Ok(cargo(&[&words, more].concat()).succeed()?)
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

    /// What is wrong with a package that links one crate more than it does.
    fn faults_with(package: &str, more: &str) -> Vec<String> {
        let members: BTreeSet<String> = LAYERS.iter().map(|layer| layer.package.to_owned()).collect();
        let layers = LAYERS.iter().filter(|layer| layer.package == package);
        layers
            .flat_map(|layer| faults_of(layer, &members, &format!("{package} v0.1.0\n{more} v1.0.0\n")))
            .collect()
    }

    #[test]
    fn every_arrow_that_is_not_in_the_picture_is_a_fault() {
        for layer in LAYERS {
            let house = LAYERS.iter().map(|other| other.package);
            let others = house.filter(|other| *other != layer.package && !layer.house.contains(other));
            for forbidden in others.chain(layer.never.iter().copied()) {
                let faults = faults_with(layer.package, forbidden);
                let expected = format!("{} links {forbidden}", layer.package);
                assert!(faults.contains(&expected), "{expected}: {faults:?}");
            }
            for allowed in layer.house.iter().chain(&["serde"]) {
                assert!(
                    faults_with(layer.package, allowed).is_empty(),
                    "{} may link {allowed}",
                    layer.package
                );
            }
        }
    }

    #[test]
    fn the_check_fails_on_a_real_tree_that_decrypts() {
        let faults = faults(&tree("kua", &[]).unwrap());
        for forbidden in ["age", "age-hybrid", "kua-sealing", "kua-report"] {
            assert!(faults.contains(&format!("kua-server links {forbidden}")), "{forbidden}: {faults:?}");
        }
    }
}
