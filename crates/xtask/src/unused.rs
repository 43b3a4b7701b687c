//! Dependencies that nothing uses: declared for a package whose sources never name them, or for the workspace and taken by
//! no package.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use acceptance::processes::Run as _;
use anyhow::{Context as _, bail};
use serde_json::Value;

use crate::cargo::{cargo, root};

/// Names every dependency that nothing uses.
pub(crate) fn run() -> anyhow::Result<()> {
    let metadata = cargo(&["metadata", "--locked", "--format-version", "1"]).json()?;
    let mut faults = of_workspace(&fs::read_to_string(root().join("Cargo.toml"))?, &manifests(&metadata)?);
    let libraries = libraries(&metadata);
    let members: BTreeSet<&str> = list(&metadata["workspace_members"]).filter_map(Value::as_str).collect();
    for package in list(&metadata["packages"]).filter(|package| members.contains(text(&package["id"]))) {
        let folder =
            Path::new(text(&package["manifest_path"])).parent().context("a manifest lies in a folder")?;
        let mut sources = String::new();
        read_sources(folder, &mut sources)?;
        for dependency in list(&package["dependencies"]) {
            let name = text(&dependency["name"]);
            let library = libraries.get(name).cloned().unwrap_or_else(|| name.replace('-', "_"));
            if !names(&sources, &library) {
                faults.push(format!("{} never uses {name}", text(&package["name"])));
            }
        }
    }
    if faults.is_empty() {
        println!("Dependencies: each is used where it is declared.");
        Ok(())
    } else {
        bail!("dependencies that nothing uses:\n  {}", faults.join("\n  "))
    }
}

/// The names by which sources call the libraries of packages.
fn libraries(metadata: &Value) -> BTreeMap<String, String> {
    let library = |package: &Value| {
        let is_library = |target: &&Value| list(&target["kind"]).any(|kind| text(kind).ends_with("lib"));
        let target = list(&package["targets"]).find(is_library)?;
        Some((text(&package["name"]).to_owned(), text(&target["name"]).replace('-', "_")))
    };
    list(&metadata["packages"]).filter_map(library).collect()
}

/// The manifests of the workspace's packages.
fn manifests(metadata: &Value) -> anyhow::Result<Vec<String>> {
    let members: BTreeSet<&str> = list(&metadata["workspace_members"]).filter_map(Value::as_str).collect();
    let own = list(&metadata["packages"]).filter(|package| members.contains(text(&package["id"])));
    own.map(|package| Ok(fs::read_to_string(text(&package["manifest_path"]))?)).collect()
}

/// The dependencies of `[workspace.dependencies]` that no package takes.
fn of_workspace(workspace: &str, manifests: &[String]) -> Vec<String> {
    let section = workspace.lines().skip_while(|line| *line != "[workspace.dependencies]").skip(1);
    let section = section.take_while(|line| !line.starts_with('['));
    let declared = section.filter_map(|line| line.split_once(" = ").map(|(name, _)| name));
    let is_taken = |name: &str| {
        let forms = [format!("{name}.workspace"), format!("{name} = {{ workspace")];
        manifests
            .iter()
            .flat_map(|manifest| manifest.lines())
            .any(|line| forms.iter().any(|form| line.starts_with(form)))
    };
    let unused = declared.filter(|name| !name.starts_with('#') && !is_taken(name));
    unused.map(|name| format!("no package takes {name} of the workspace")).collect()
}

/// Whether sources name a library: the word stands there, and is no part of another.
fn names(sources: &str, library: &str) -> bool {
    let is_word = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    sources.match_indices(library).any(|(at, _)| {
        let bytes = sources.as_bytes();
        !is_word(at.checked_sub(1).and_then(|before| bytes.get(before)))
            && !is_word(bytes.get(at + library.len()))
    })
}

/// Reads the sources below a folder, but for packages of their own.
fn read_sources(folder: &Path, sources: &mut String) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let foreign = path.join("Cargo.toml").is_file() || path.ends_with("node_modules");
        if path.is_dir() && !foreign {
            read_sources(&path, sources)?;
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            sources.push_str(&fs::read_to_string(path)?);
        }
    }
    Ok(())
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_counts_as_used_where_its_own_name_stands() {
        assert!(names("use serde_json::json;", "serde_json") && names("serde::Serialize", "serde"));
        assert!(!names("use serde_json::json;", "serde") && !names("", "serde") && !names("xserde", "serde"));
    }

    #[test]
    fn what_the_workspace_declares_is_taken_by_a_package_or_named() {
        let workspace = "[workspace]\n\n[workspace.dependencies]\n# a word = of\nage = \"1\" # why\ntar = { version = \"2\" }\n[profile.dev]\n";
        let taken = ["age.workspace = true\n".to_owned()];
        assert_eq!(of_workspace(workspace, &taken), ["no package takes tar of the workspace"]);
        assert!(
            of_workspace(workspace, &["age.workspace = true\ntar = { workspace = true }\n".to_owned()])
                .is_empty()
        );
    }
}
