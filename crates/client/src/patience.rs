//! Patience with a drop that does not answer: the person is told what she can do meanwhile, and a program is not held for ever.

use std::time::Duration;

use crate::error::Error;
use crate::events::{Observer, Warning};

/// The time without an answer after which it is said what works without one.
const SAID_AFTER: Duration = Duration::from_secs(10);
/// The time that it gets after that where nobody sits before it.
const THEN_WAITED: Duration = Duration::from_secs(50);

/// Waits for an answer of this host.
///
/// # Errors
///
/// Those of the work; [`Error::Unreachable`] where nobody could end it and none came for a minute.
pub(crate) async fn patiently<T>(
    work: impl Future<Output = Result<T, Error>>,
    host: &str,
    offline_works: bool,
    observer: &dyn Observer,
) -> Result<T, Error> {
    let mut work = std::pin::pin!(work);
    if let Ok(done) = tokio::time::timeout(SAID_AFTER, &mut work).await {
        return done;
    }
    observer.warn(&Warning::NoAnswerYet { offline_works });
    if observer.is_attended() {
        return work.await;
    }
    match tokio::time::timeout(THEN_WAITED, work).await {
        Ok(done) => done,
        Err(_) => {
            let why = format!("no answer for {} seconds", (SAID_AFTER + THEN_WAITED).as_secs());
            Err(Error::Unreachable { host: host.to_owned(), why })
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::sync::Mutex;

    use tokio::time::{Instant, sleep};

    use super::*;
    use crate::events::{Progress, Question, Unobserved, Work};

    /// A front end that notes when it was warned, and before which somebody sits or nobody.
    struct Listening {
        attended: bool,
        began: Instant,
        warned: Mutex<Vec<(u64, bool)>>,
    }

    impl Listening {
        fn new(attended: bool) -> Self {
            Self { attended, began: Instant::now(), warned: Mutex::default() }
        }
    }

    impl Observer for Listening {
        fn begin(&self, _: Work, _: u64) -> Box<dyn Progress> {
            Box::new(Unobserved)
        }

        fn warn(&self, warning: &Warning<'_>) {
            if let Warning::NoAnswerYet { offline_works } = warning {
                self.warned.lock().unwrap().push((self.began.elapsed().as_secs(), *offline_works));
            }
        }

        fn ask(&self, _: &Question<'_>) -> Result<Option<bool>, Error> {
            Ok(None)
        }

        fn is_attended(&self) -> bool {
            self.attended
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_answers_soon_is_not_spoken_of() {
        let front = Listening::new(false);
        let soon = async {
            sleep(Duration::from_secs(9)).await;
            Ok(7)
        };
        assert_eq!(patiently(soon, "drop.example", true, &front).await.unwrap(), 7);
        assert!(front.warned.lock().unwrap().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn a_program_is_not_held_for_ever() {
        let front = Listening::new(false);
        let never = pending::<Result<(), Error>>();
        let error = patiently(never, "drop.example", true, &front).await.unwrap_err();
        assert!(matches!(error, Error::Unreachable { host, .. } if host == "drop.example"));
        assert_eq!(front.began.elapsed().as_secs(), 60);
        assert_eq!(*front.warned.lock().unwrap(), [(10, true)]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_person_waits_as_long_as_she_likes() {
        let front = Listening::new(true);
        let late = async {
            sleep(Duration::from_hours(1)).await;
            Ok(7)
        };
        assert_eq!(patiently(late, "drop.example", false, &front).await.unwrap(), 7);
        assert_eq!(*front.warned.lock().unwrap(), [(10, false)]);
    }
}
