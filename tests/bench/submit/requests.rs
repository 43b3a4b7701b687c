//! Submissions as bytes: sealed, signed and ready to be written to a connection.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::num::NonZero;
use std::thread;

use acceptance::processes::{Drop, Team};
use anyhow::{Context as _, ensure};
use kua_protocol::api::{NONCE, SEALED_MEDIA_TYPE, path};
use kua_protocol::card::{CoordinatorCard, DropCard};
use kua_protocol::id::DropId;
use kua_protocol::keys::SigningKey;
use kua_protocol::secret::{Purpose, Seed};
use kua_protocol::signature::{CONTENT_DIGEST, SIGNATURE, SIGNATURE_INPUT, SignedParts, content_digest};
use kua_sealing::{Floor, Recipients, SealPlan};

/// The recipients that reports are sealed to, from the coordinators' cards.
pub(crate) fn recipients(team: &Team) -> anyhow::Result<Recipients> {
    let card = |vault: &std::path::PathBuf| -> anyhow::Result<CoordinatorCard> {
        Ok(serde_json::from_slice(&fs::read(vault.with_extension("card.json"))?)?)
    };
    let members = team.coordinators.iter().map(|member| card(&member.vault));
    let cards: Vec<CoordinatorCard> = members.collect::<anyhow::Result<_>>()?;
    Ok(Recipients::new(cards.iter().map(|card| (card.recipient.as_str(), true)))?)
}

/// A serving drop, and one of its nonces: it holds for ten minutes and as many requests as one likes.
pub(crate) struct Target {
    address: String,
    drop: DropId,
    nonce: String,
}

impl Target {
    pub(crate) fn ask(server: &Drop) -> anyhow::Result<Self> {
        let card: DropCard = serde_json::from_slice(&fs::read(server.folder().card())?)?;
        let mut target = Self { address: server.address().to_owned(), drop: card.drop, nonce: String::new() };
        let ask = format!("GET {} HTTP/1.1\r\nhost: {}\r\n\r\n", path::DROP, target.address);
        let (status, nonce) = Connection::open(&target)?.exchange(ask.as_bytes())?;
        ensure!(status == 200, "the drop answers {status}");
        target.nonce = nonce;
        Ok(target)
    }

    /// Whole requests: seals and signs what `archive` makes for a mailbox's key, each for a mailbox of its own, on all cores.
    pub(crate) fn prepare(
        &self,
        recipients: &Recipients,
        reports: usize,
        archive: &(impl Fn(&SigningKey) -> anyhow::Result<Vec<u8>> + Sync),
    ) -> anyhow::Result<Vec<Vec<u8>>> {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        let some = |count: usize| (0..count).map(|_| self.request(recipients, archive));
        thread::scope(|scope| {
            let share = |core: usize| reports / cores + usize::from(core < reports % cores);
            let threads: Vec<_> = (0..cores)
                .map(|core| scope.spawn(move || some(share(core)).collect::<Result<Vec<_>, _>>()))
                .collect();
            let mut all = Vec::with_capacity(reports);
            for thread in threads {
                all.extend(thread.join().map_err(|_| anyhow::anyhow!("sealing panicked"))??);
            }
            Ok(all)
        })
    }

    fn request(
        &self,
        recipients: &Recipients,
        archive: &impl Fn(&SigningKey) -> anyhow::Result<Vec<u8>>,
    ) -> anyhow::Result<Vec<u8>> {
        self.submission(&SigningKey::derive(&Seed::generate()?, Purpose::SubmitterSign), recipients, archive)
    }

    /// One such request, for the mailbox of this key.
    pub(crate) fn submission(
        &self,
        key: &SigningKey,
        recipients: &Recipients,
        archive: &impl Fn(&SigningKey) -> anyhow::Result<Vec<u8>>,
    ) -> anyhow::Result<Vec<u8>> {
        let archive = archive(key)?;
        let mut sealed = Vec::new();
        let plan = SealPlan::new(recipients.clone(), archive.len() as u64, Floor::Report)?;
        plan.seal(archive.as_slice(), &mut sealed)?;
        let digest = content_digest(&sealed);
        let parts = SignedParts {
            method: "POST",
            path: path::REPORTS,
            content_digest: Some(&digest),
            ..SignedParts::default()
        };
        let fields = parts.sign(key, self.drop, &self.nonce);
        let head = format!(
            "POST {} HTTP/1.1\r\nhost: {}\r\ncontent-type: {SEALED_MEDIA_TYPE}\r\ncontent-length: {}\r\n\
             {CONTENT_DIGEST}: {digest}\r\n{SIGNATURE_INPUT}: {}\r\n{SIGNATURE}: {}\r\n\r\n",
            path::REPORTS,
            self.address,
            sealed.len(),
            fields.input,
            fields.signature,
        );
        Ok([head.into_bytes(), sealed].concat())
    }

    /// A signed request without a body.
    #[allow(dead_code, reason = "one of the benchmarks that share this file asks so")]
    pub(crate) fn signed(&self, key: &SigningKey, method: &str, path: &str) -> Vec<u8> {
        let fields = SignedParts { method, path, ..SignedParts::default() }.sign(key, self.drop, &self.nonce);
        let (input, signature) = (fields.input, fields.signature);
        let head = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\n", self.address);
        format!("{head}{SIGNATURE_INPUT}: {input}\r\n{SIGNATURE}: {signature}\r\n\r\n").into_bytes()
    }
}

/// One connection, kept alive.
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
    body: Vec<u8>,
}

impl Connection {
    pub(crate) fn open(target: &Target) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(&target.address)?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream), body: Vec::new() })
    }

    /// Sends a submission and waits until the drop says that it is stored.
    pub(crate) fn submit(&mut self, request: &[u8]) -> anyhow::Result<()> {
        let (status, _) = self.exchange(request)?;
        ensure!(status == 201, "the drop answers {status}: {}", String::from_utf8_lossy(&self.body));
        Ok(())
    }

    /// Sends a request and reads the whole answer; gives its status and its nonce.
    pub(crate) fn exchange(&mut self, request: &[u8]) -> anyhow::Result<(u16, String)> {
        self.stream.get_mut().write_all(request)?;
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let status = line.split(' ').nth(1).context("no answer")?.parse()?;
        let (mut length, mut nonce) = (0, String::new());
        loop {
            line.clear();
            ensure!(self.stream.read_line(&mut line)? > 0, "the answer was cut");
            let Some((name, value)) = line.trim_end().split_once(": ") else {
                break;
            };
            if name.eq_ignore_ascii_case("content-length") {
                length = value.parse()?;
            } else if name.eq_ignore_ascii_case(NONCE) {
                value.clone_into(&mut nonce);
            }
        }
        self.body.resize(length, 0);
        self.stream.read_exact(&mut self.body)?;
        Ok((status, nonce))
    }
}
