//! A submitter's thread as she reads it.

use kua_client::thread::{Received, Thread};

use super::i18n::Words;
use super::sanitise;

/// Prints everything in a mailbox.
pub fn print(thread: &Thread, words: &Words) {
    if thread.sent.is_empty() && thread.replies.is_empty() {
        outln!("{}", words.say("return-nothing"));
    }
    let opened = thread.acknowledged();
    for sent in &thread.sent {
        let args = [("id", sent.report_id.short().into()), ("day", sent.day.to_string().into())];
        outln!("{}", words.say_with("return-sent", &args));
        let state = if opened.contains(&sent.report_id) { "return-opened" } else { "return-not-opened" };
        outln!("          {}", words.say(state));
    }
    for Received { verified, .. } in &thread.replies {
        let reply = &verified.reply;
        let args = [
            ("number", reply.number.to_string().into()),
            ("name", sanitise::one_line(&verified.name).into()),
            ("day", reply.day.to_string().into()),
        ];
        outln!("\n{}", words.say_with("return-reply", &args));
        outln!("{}", sanitise::lines(&reply.text));
        if let Some(file) = &reply.attachment {
            let size = sanitise::size(file.size);
            let args = [("name", sanitise::one_line(&file.name).into()), ("size", size.into())];
            outln!("{}", words.say_with("return-file", &args));
        }
    }
    let (gaps, doubles) = thread.gaps_and_doubles();
    for (key, numbers) in [("return-gap", gaps), ("return-double", doubles)] {
        for number in numbers {
            outln!("{}", words.say_with(key, &[("number", number.to_string().into())]));
        }
    }
    for refused in &thread.refused {
        let why = words.say(refused.why.code());
        let args = [("id", refused.row.message_id.short().into()), ("why", why.into())];
        outln!("{}", words.say_with("return-refused", &args));
    }
}
