# Ce qui n’a pas marché, et que faire maintenant.

error-other = { $text }
error-ended = Arrêt. Rien n’a été envoyé.
error-occupied = { $path } existe déjà. Choisissez un autre nom.
error-file-missing = { $path } n’existe pas. Vérifiez le nom et réessayez ; rien n’a été envoyé.
error-file = Impossible d’utiliser { $path } : { $why }. Corrigez cela et réessayez.
why-not-allowed = accès refusé
why-disk-full = le disque est plein
why-a-folder = c’est un dossier

## Le lien
error-link-address = Ce n’est pas un lien. Écrivez le lien d’une boîte de dépôt entre guillemets droits, comme ici, pour que le signe # ne se perde pas : "https://drop.example/#kua1…"
error-link-insecure = Ce lien n’est pas sûr. Le lien d’une boîte de dépôt commence par https://, ou par http:// si l’adresse se termine par .onion.
error-link-extra = Dans le lien d’une boîte de dépôt, il n’y a rien entre l’adresse et le signe #. Redemandez le lien.
error-link-no-fingerprint = Il manque la partie après # : sans elle, personne ne peut savoir si c’est la bonne boîte de dépôt. Mettez le lien entre guillemets droits ("…") ou redemandez-le.
error-link-mistyped = La partie après # contient une faute de frappe. Comparez-la avec le lien qu’on vous a donné ; rien n’a été envoyé.
error-link-newer = Ce lien est plus récent que ce programme. Procurez-vous la dernière version.

## La liste de coordination
error-not-open = Cette boîte de dépôt n’est pas encore ouverte : l’équipe de coordination doit d’abord signer sa liste. Réessayez plus tard ; rien n’a été envoyé.
error-roster-other-root = STOP. Cette boîte de dépôt n’est pas celle que désigne votre lien : quelqu’un d’autre a signé la liste de coordination. N’envoyez rien et prévenez les personnes qui vous ont donné le lien.
error-roster-not-yet = La liste de coordination est valable à partir du { $day }. La date de cet appareil est-elle juste ? Rien n’a été envoyé.
error-roster-expired = La liste de coordination a expiré le { $day }. Soit la date de cet appareil est fausse, soit l’équipe de coordination doit renouveler la liste. Rien n’a été envoyé.
error-roster-bad = La liste de coordination de cette boîte de dépôt est refusée : { $why }. Rien n’a été envoyé ; posez la question à l’équipe de coordination, mais pas par cette boîte de dépôt.
error-no-such-coordinator = { $name } ne fait pas partie de l’équipe de coordination de cette boîte de dépôt. En font partie : { $known }.

## La boîte de dépôt
error-unreachable = Impossible de joindre { $host } ({ $why }). Vérifiez le réseau et réessayez ; rien n’est perdu.
error-certificate = { $host } ne prouve pas son identité ({ $why }). Quelqu’un se trouve peut-être entre vous et la boîte, ou son opérateur doit renouveler un certificat : ne contournez pas cette vérification et demandez aux coordinateurs par une autre voie. Rien n’a été envoyé.
error-no-folder = Le système n’indique pas votre dossier personnel (HOME n’est pas définie). Indiquez-en un pour la mémoire scellée de kua : KUA_CACHE=/chemin/du/dossier.
error-no-tor = Une adresse .onion n’est accessible que par Tor, et Tor n’a pas été trouvé sur cet appareil. Démarrez Tor, ou indiquez-le avec --proxy socks5h://127.0.0.1:9050.
error-dishonest = Ne faites pas confiance à cette boîte de dépôt : { $why }. Prévenez l’équipe de coordination.
error-problem = La boîte de dépôt refuse : { $detail }
error-no-space = Il n’y a plus de place dans la boîte de dépôt. Rien n’a été conservé ; réessayez plus tard.
error-mailbox-full = Tout ce qu’un seul nom de code peut envoyer a déjà été envoyé avec celui-ci. Prenez-en un nouveau.
error-gone = Ceci a été supprimé et n’est plus accepté.
error-not-found = Il n’y a rien ici sous ce nom.
error-unauthorised = La boîte de dépôt ne connaît pas cette clé. La clé de la personne qui coordonne doit figurer dans la liste la plus récente.
error-drop-failed = La boîte de dépôt est en panne. Rien n’a été confirmé ; réessayez plus tard.

## Le signalement
error-broken = { $what } est endommagé ou a été modifié. N’en utilisez rien ; téléchargez-le de nouveau.
error-report-missing = { $what } : il manque au signalement le champ obligatoire `{ $field }`. Remplissez-le.
error-too-large = Le signalement est trop grand : { $size } Kio, et cette boîte de dépôt accepte { $limit } Kio avec tous les fichiers. Retirez un fichier ou réduisez-le ; rien n’a été envoyé.

## Le nom de code
error-codename-count = Un nom de code a huit mots, et il y en a ici { $found }. Regardez ce que vous avez noté. Rien n’a été envoyé.
error-codename-word = Le mot { $position }, « { $typed } », n’appartient à aucun nom de code. Peut-être : { $perhaps }
error-codename-checksum = Ces mots ne vont pas ensemble : l’un est faux, ou deux ont changé de place. Rien n’a été envoyé.

## Fichiers et terminaux
error-report-too-much-text = { $what } : le texte fait { $bytes } octets, surtout dans le champ `{ $longest }` ; un signalement en accepte { $limit } au plus. Joignez les longs textes en fichiers. Rien n’a été envoyé.
error-report-field = { $what } : le champ `{ $field }` n’est pas correct : { $reason }. Corrigez-le et réessayez ; rien n’a été envoyé.
error-vault-locked = { $path } ne s’ouvre pas : la phrase secrète est fausse ou le fichier de clé est endommagé. Réessayez, ou prenez une copie du fichier.
error-vault-none = { $path } n’est pas un fichier de clé de ce programme. Indiquez le fichier créé par kua key new.
error-no-terminal-for-secret = Il n’y a pas de terminal où demander le secret. Indiquez un fichier avec --passphrase-file ou --codename-file (- désigne l’entrée standard).
error-no-terminal-for-report = Il n’y a pas de terminal où poser les questions. Donnez le signalement avec --report report.json.
error-not-cleaned = { $path } n’a pas été envoyé : { $why }. Envoyez-en une autre copie. N’utilisez --keep-metadata que si ce qu’il cache peut être connu sans danger.

## Reçus
error-receipt-none = { $path } n’est pas un reçu. Indiquez le fichier enregistré par kua submit --receipt.
error-receipt-forged = { $path } ne prouve rien : il n’est pas signé par une clé que la liste de coordination attribue à cette boîte de dépôt, ou il a été modifié. S’il est plus ancien que la liste, essayez avec une liste de cette époque.
error-receipt-other-drop = { $path } est le reçu d’une autre boîte de dépôt que celle de la liste. Prenez une liste de la même boîte de dépôt.
error-receipt-not-in-force = { $path } ne prouve rien : la clé qui l’a signé n’était pas celle de cette boîte de dépôt le jour indiqué.
error-receipt-other-file = { $path } n’est pas le signalement auquel correspond le reçu. Prenez le fichier tel que kua seal ou kua fetch l’a enregistré.

## La page
error-site-other = STOP. Cette boîte de dépôt ne sert pas la page que ce programme connaît. N’y écrivez rien ; utilisez kua submit ou la page en un seul fichier, et prévenez l’équipe de coordination par une autre voie.
error-site-version = Cette boîte de dépôt sert une autre page que celle que ce programme connaît, et sa propre liste de sommes de contrôle s’accorde avec elle. Soit elle utilise une autre version, soit quelqu’un a fabriqué à la fois la page et la liste. Avant que quiconque écrive sur cette page, comparez le SHA-256 de son SHA256SUMS avec ce que dit la publication de cette version : { $digest }
