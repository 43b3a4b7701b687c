# Ce que lit dans un terminal la personne qui coordonne.

## Clés
ask-passphrase = Phrase secrète de { $path } :
passphrase-suggestion = Une bonne phrase secrète, ce sont six mots sans rapport entre eux. Par exemple ceux-ci, tirés à l’instant pour vous :
passphrase-new = Nouvelle phrase secrète :
passphrase-again = La même encore une fois :
passphrase-differs = Les deux ne sont pas identiques. Encore une fois :
key-made =
    { $path } est créé. Gardez-en une copie ailleurs ; sans la phrase secrète, personne ne l’ouvre.
    Donnez la fiche aux personnes qui signent la liste de coordination : kua key show { $path } --json
key-made-root =
    { $path } est créé. Cette clé signe les listes et ne lit rien. Gardez-la sur une machine sans réseau,
    et une copie ailleurs, ou des parts chez d’autres personnes (kua key split) : sans elle, impossible de renouveler le lien.
key-export-warning = La ligne suivante est la clé secrète elle-même. Toute personne qui l’a peut lire tous les signalements scellés pour elle.
key-passphrase-changed = La phrase secrète est changée. Les copies du fichier gardent l’ancienne.

## Parts de la clé
key-split =
    { $path } contient maintenant { $shares } parts ; il en faut { $threshold }, n’importe lesquelles, pour retrouver la clé. Leur jeu est { $set }.
    Imprimez chaque page, confiez chacune à une personne différente et supprimez le dossier : { $threshold } de ces fichiers réunis sont la clé.
    Faites un essai avant de compter dessus : kua key combine { $path }/… --out test.kua
key-restored =
    { $path } est créé, la clé de { $name }. Ce qui était scellé pour elle s’ouvre de nouveau. Dans la liste, sa ligne sign doit être celle-ci :
key-restored-root =
    { $path } est créé, la clé racine { $name }. Comparez ses chiffres avec ceux par lesquels vous connaissez la boîte de dépôt :
share-ask = Part { $number }, à partir de share1 :
share-goes-on = Ligne suivante (caractères à venir : { $missing } ; Entrée seule pour finir) :
share-more = { $have } sur { $need }. Encore une :
share-typed = Ce que vous avez tapé
share-page-title = Kuä : part { $index } sur { $shares } d’une clé
share-page-coordinator =
    Cette page porte l’une des { $shares } parts de la clé nommée ci-dessus, qui ouvre les
    signalements envoyés à cette boîte de dépôt. Il suffit d’en réunir { $threshold },
    n’importe lesquelles, pour retrouver la clé. Moins de parts n’apprennent
    rien sur elle.
share-page-root =
    Cette page porte l’une des { $shares } parts de la clé nommée ci-dessus. Cette clé signe
    qui peut lire les signalements envoyés à cette boîte de dépôt. Il suffit d’en
    réunir { $threshold }, n’importe lesquelles, pour la retrouver. Moins de parts
    n’apprennent rien sur elle.
share-page-keep =
    Gardez cette page là où personne d’autre ne la trouvera, loin des autres
    parts. Ne la photographiez pas. Ne la donnez à personne qui la demande par
    téléphone ou par message : les personnes qui en ont besoin se rencontrent.
    Si elle est perdue ou si quelqu’un l’a vue, dites-le aux autres.

    Pour retrouver la clé, réunissez { $threshold } parts devant un ordinateur sans réseau :

        kua key combine SHARE SHARE … --out restored.kua

    SHARE est un fichier qui contient une telle page. Sans fichiers, kua demande
    les parts : tapez-les à partir de share1. Les espaces, les fins de ligne et
    les majuscules ne comptent pas, et kua remarque les fautes de frappe.
error-share-none = { $what } ne contient aucune part de clé. Une part commence par share1 ; indiquez la page telle que kua key split l’a écrite, ou recopiez-la.
error-share-damaged = { $what } contient une faute de frappe ou n’est pas complète : comparez-la avec le papier, groupe par groupe.
error-share-newer = { $what } est d’un type plus récent que ce programme. Procurez-vous la dernière version.
error-share-foreign = { $what } ne va pas avec les autres parts : elle vient d’une autre clé, ou d’une autre division de la même. Les pages qui vont ensemble ont le même jeu (set).
error-share-twice = C’est deux fois la même part : { $what }. Prenez-en une autre avec elle.
error-share-contradict = Deux parts différentes portent le même numéro, et l’une d’elles est fausse : { $what }. Essayez avec une seule à la fois.
error-share-too-few = Parts : { $have } sur { $need } ; il en manque { $missing }. D’ici là, on ne peut rien dire de la clé.
error-share-false = { $what } est fausse : quelqu’un l’a modifiée. Écartez-la ; les autres suffisent pour retrouver la clé.
error-share-some-false = Ces parts ne permettent pas de retrouver la clé qui a été divisée : l’une d’elles au moins est fausse. Ajoutez-en une pour savoir laquelle.

## La liste de coordination
roster-signed =
    { $path } est signé : liste { $serial }, personnes dans l’équipe : { $count }, valable jusqu’au { $day }.
    Que toute l’équipe compare ces chiffres de vive voix :
roster-published = La boîte de dépôt a maintenant la liste { $serial }.
roster-ends-soon =
    { $days ->
        [0] La liste de coordination expire aujourd’hui
        [one] La liste de coordination expire dans un jour
       *[other] La liste de coordination expire dans { $days } jours
    } : demandez à la personne qui garde la clé racine d’en signer une nouvelle à temps.
key-exchanged = Plus rien n’est scellé pour cette clé : la liste en a une plus récente pour { $name }. C’est elle qui ouvre les nouveaux signalements.
roster-fetched = Enregistré : { $path }, liste { $serial }, signée par la clé racine que désigne le lien, valable jusqu’au { $day }.
roster-removed =
    Ce qui est scellé selon la nouvelle liste sera fermé à { $name } dès que la boîte de dépôt l’aura :
      kua roster publish URL { $path }
    Ce qui a été scellé pour { $name } depuis le { $since } reste ouvert à cette clé, ainsi que les signalements plus anciens
    auxquels quelqu’un de l’équipe lui a donné accès ; kua custody le montre pour chacun. La boîte de dépôt ne les lui remet plus ;
    mais les copies déjà téléchargées, ou prises sur le disque de la boîte de dépôt, s’ouvrent encore. Rien ne peut annuler cela,
    pas même une nouvelle clé racine. Pensez donc aux personnes de ces signalements, prévenez qui il faut, et supprimez ce qui
    n’est plus utile : kua delete.
roster-rotated =
    Les nouveaux signalements seront scellés pour la nouvelle clé de { $name } dès que la boîte de dépôt aura cette liste :
      kua roster publish URL { $path }
    Ce qui a été scellé depuis le { $since }, et les signalements plus anciens auxquels quelqu’un de l’équipe lui a donné accès,
    seule l’ancienne clé l’ouvre encore : { $name } doit garder ce fichier de clé.
    Cette clé parle aussi toujours à la boîte de dépôt au nom de { $name }. Si elle peut être en d’autres mains, signez avec --leaked.
roster-leaked =
    L’ancienne clé de { $name } n’ouvrira rien de nouveau, et la boîte de dépôt la refusera dès qu’elle aura cette liste. Faites-le maintenant :
      kua roster publish URL { $path }
    Toute personne qui a l’ancienne clé peut ouvrir ce qui a été scellé pour elle depuis le { $since }, et les signalements plus
    anciens auxquels quelqu’un de l’équipe lui a donné accès (kua custody le montre pour chacun), si c’était déjà téléchargé ou si
    c’est pris sur le disque de la boîte de dépôt. Rien ne peut annuler cela, pas même une nouvelle clé racine. Pensez donc aux
    personnes de ces signalements, prévenez qui il faut, et supprimez ce qui n’est plus utile : kua delete. Les signalements plus
    anciens, { $name } les reçoit désormais d’une autre personne de l’équipe.

## Lecture
inbox-reading = Ouverture des signalements
inbox-empty = Aucun signalement.
inbox-none-fits = Aucun signalement ne correspond au filtre.
inbox-not-for-you =
    { $count ->
        [0] scellé pour d’autres personnes de l’équipe
       *[other] scellé pour d’autres personnes de l’équipe ; entrées et accès scellés qui l’accompagnent : { $count }
    }
inbox-delete-asked =
    { $by } demande de le supprimer ; il disparaîtra { $hours ->
        [0] dans moins d’une heure
        [one] dans une heure au plus tôt
       *[other] dans { $hours } heures au plus tôt
    }. Pour le garder : kua delete … --keep
inbox-expired =
    Son délai est écoulé : il disparaîtra quand la boîte de dépôt aura fonctionné { $days ->
        [one] un jour de plus
       *[other] { $days } jours de plus
    }. Pour garder ce qu’il faut : kua export
inbox-false-day = La boîte de dépôt le date d’un jour qui n’est pas encore arrivé : son horloge est fausse, ou celle de cet appareil.
inbox-overdue =
    { $count ->
        [one] Un signalement ou une réponse aurait dû être supprimé dès le { $day }
       *[other] { $count } signalements et réponses auraient dû être supprimés dès le { $day }
    } : la boîte de dépôt était éteinte, ou son horloge n’est pas vérifiée. La personne qui l’administre en voit plus avec kua-server clock.
inbox-leaving =
    { $count ->
        [one] La suppression d’un signalement est demandée ; il disparaîtra
       *[other] La suppression de { $count } signalements est demandée ; le premier disparaîtra
    } { $hours ->
        [0] dans moins d’une heure
        [one] dans une heure
       *[other] dans { $hours } heures
    }. Ce qui va être supprimé n’est pas affiché ici ; pour le voir : kua inbox --all
inbox-reading-logs = Lecture des journaux
inbox-logs-unread =
    { $count ->
        [one] Un journal n’a pas pu être lu pour l’instant ; ce qui est affiché de ce dossier peut être dépassé.
       *[other] { $count } journaux n’ont pas pu être lus pour l’instant ; ce qui est affiché de ces dossiers peut être dépassé.
    }
inbox-assignee = { $name } s’en occupe
inbox-disputed = Plusieurs personnes de l’équipe ont changé cela en même temps, chacune autrement ; kua triage montre toutes les versions.
filter-not-judged =
    { $count ->
        [one] Un signalement n’a pas pu être ouvert, si bien qu’on ne sait pas s’il correspond ; kua inbox dit pourquoi.
       *[other] { $count } signalements n’ont pas pu être ouverts, si bien qu’on ne sait pas s’ils correspondent ; kua inbox dit pourquoi.
    }
disagrees-drop = Attention : à l’intérieur, ce signalement nomme une autre boîte de dépôt que celle qui l’a remis.
disagrees-mailbox = Attention : à l’intérieur, ce signalement nomme une autre origine que celle qu’indique la boîte de dépôt.
disagrees-thread = Attention : ce signalement n’est pas le complément qu’il dit être : sa preuve ne tient pas, ou le fil est celui de quelqu’un d’autre.
thread-proven = complément du signalement { $first } (prouvé)
thread-unproven = complément du signalement { $first }, d’après lui-même ; kua open de ce signalement le prouvera
thread-refuted = n’est pas un complément du signalement { $first }, qu’il nomme pourtant
inbox-unverified = seul le début a été lu ; kua open ou kua fetch vérifie jusqu’à la fin
shown-otherwise = Attention : kua inbox avait montré { $id } autrement. Quelqu’un l’a inventé : ne faites pas confiance à cette boîte de dépôt, et prévenez le reste de l’équipe.
open-fetching = Téléchargement
fetch-fetching = Enregistrement
open-written = Écrit dans { $path } ; toute personne qui a accès à ce dossier peut le lire. Supprimez-le dès qu’il n’est plus utile.
open-id = Identifiant
open-day = Arrivé le
open-thread = Nature
error-several = Restent à faire, sur { $count } signalements : { $failed }, pour les raisons données plus haut. Corrigez cela et relancez la commande pour eux seuls.

## Suppression
delete-asking = Demande à la boîte de dépôt
delete-them =
    { $count ->
        [one] Un signalement va être supprimé. Confirmez-vous ?
       *[other] { $count } signalements vont être supprimés. Confirmez-vous ?
    }
delete-keep-them =
    { $count ->
        [one] Un signalement va être gardé. Confirmez-vous ?
       *[other] { $count } signalements vont être gardés. Confirmez-vous ?
    }
error-no-terminal-for-yes = Il n’y a pas de terminal où demander si la commande vise bien tous ces signalements. Regardez d’abord (kua inbox, avec le même filtre s’il y en a un), puis ajoutez --yes.
delete-done = { $id } est supprimé.
delete-asked =
    { $id } est marqué, et sera supprimé quand la boîte de dépôt aura fonctionné { $hours ->
        [one] une heure de plus
       *[other] { $hours } heures de plus
    }, ou tout de suite si une deuxième personne de l’équipe le demande.
delete-kept = { $id } est gardé.

## Réponses
reply-replying = Envoi des réponses
reply-them =
    { $count ->
        [one] Une réponse va être envoyée à un signalement. Confirmez-vous ?
       *[other] Une réponse va être envoyée à { $count } signalements. Confirmez-vous ?
    }
reply-left = La réponse à { $id } est dans sa boîte de réponses, sous le numéro { $number }. Seule la personne qui a écrit le signalement peut l’ouvrir.

## Reçus
receipt-served = { $id } est dans la boîte de dépôt, entier, comme le dit son reçu du { $day }.
receipt-gone =
    La boîte de dépôt a reçu { $id } le { $day } et dit qu’il a été supprimé depuis. Quelqu’un de l’équipe de coordination a pu
    le demander, ou son délai était écoulé. Demandez à vos collègues ; si ce n’est ni l’un ni l’autre, la boîte de dépôt l’a fait disparaître.
receipt-dropped = La boîte de dépôt a manqué à sa parole : elle a reçu { $id } le { $day }, et n’a maintenant ni le signalement ni la trace de sa suppression. Soit quelqu’un l’a fait disparaître, soit la personne qui gère la boîte de dépôt est revenue à une copie plus ancienne. Ne faites pas confiance à cette boîte de dépôt tant que ce n’est pas expliqué ; demandez à la personne qui a envoyé le signalement de l’envoyer de nouveau.

## Le journal du dossier
triage-noting = Inscription
triage-noted = { $id } : noté comme entrée { $entry }.
case-status = État
case-severity-open = comme dans le signalement
case-assignee = Confié à
case-labels = Étiquettes
case-linked = Liens
case-readers = Ont accès
case-beside = { "  " }mais aussi
case-concurrent = { $value } (entrée { $entry }, écrite en même temps)
case-nobody = personne
status-new = nouveau
status-in-review = à l’étude
status-verified = vérifié
status-needs-information = à compléter
status-closed = clos
status-rejected = écarté
relation-duplicate = doublon de
relation-same-event = sur le même événement que
relation-related = lié à
log-status = état : { $status }
log-severity = urgence : { $severity }
log-severity-open = urgence : comme dans le signalement
log-label-on = étiquette posée : { $label }
log-label-off = étiquette retirée : { $label }
log-assignee = confié à { $name }
log-assignee-none = confié à personne
log-note = note :
log-link-on = { $relation } { $id }
log-link-off = n’est plus : { $relation } { $id }
log-reply = réponse à la personne qui l’a envoyé (numéro { $number }) :
log-acknowledgement = accusé de réception : la personne qui l’a envoyé a été avertie que le signalement a été ouvert
log-undo = entrée { $entry } annulée
log-grant = accès donné à { $name } pour lire le signalement
log-handed-out = remis ({ $form }) à { $to } ; SHA-256 { $digest }
log-unknown = quelque chose que connaît une version plus récente de ce programme : { $json }
log-undone = annulée plus tard
log-gap = s’appuie sur { $missing }, qui manque ici ou n’est pas valable : quelque chose est peut-être caché
log-wrong-clock = ne compte pas : son horloge ne découle pas de ce sur quoi elle s’appuie
log-not-a-reader = ne compte pas : la personne qui l’a écrite ne pouvait pas lire le signalement
log-not-on-the-roster = ne compte pas : la personne qui l’a écrite a quitté la liste, et aucune de celles qui y figurent ne s’est appuyée dessus ; kua triage … --build-on la reprend
log-days-apart = elle porte la date du { $day }, qui n’est pas celle où la boîte de dépôt l’a reçue
reply-not-noted = La réponse à { $id } est envoyée, mais pas notée dans le journal du dossier : { $why }

## Conservation
custody-checking = Vérification
custody-title = Chaîne de conservation du signalement { $id } dans la boîte de dépôt { $drop }
custody-received = Reçu le { $day }, { $size } octets scellés ; les octets correspondent à l’identifiant
custody-entry = entrée { $entry }
custody-parent = s’appuie sur { $entry }
custody-claimed = datée du { $day } par la personne qui l’a écrite
custody-fork = Après { $after }, le journal se divise : { $branches } ont été écrites sans connaissance les unes des autres.
custody-fork-start = Le journal commence plusieurs fois : { $branches } ne s’appuient sur rien de ce qui est ici.
custody-heads = Les branches ne sont pas encore réunies ; les dernières entrées sont { $heads }.
custody-refused = N’est pas une entrée de ce signalement : { $id }, déposé le { $day } : { $why }

## Accès
grant-granting = Ouverture de l’accès
grant-them =
    { $count ->
        [one] Vous allez donner accès à un signalement. Confirmez-vous ?
       *[other] Vous allez donner accès à { $count } signalements. Confirmez-vous ?
    }
grant-done = Signalements que { $name } peut lire : à partir de maintenant, { $granted } ; déjà avant, { $already }. Signalements auxquels vous ne pouvez pas donner accès : { $closed }.
grant-handed-out = { $id } est scellé de nouveau dans { $path }, et c’est noté dans le journal du dossier. Il s’ouvre avec age et tar.

## Exportation
export-title = Signalements : { $drop }
export-made = Exporté par { $by } le { $day } (UTC) avec Kuä.
export-drop = Boîte de dépôt
export-check = Pour savoir si ce fichier est resté tel qu’il a été fait : sha256sum -c SHA256SUMS, dans le dossier où il est arrivé.
export-redacted = Cette copie omet les noms et les descriptions des victimes, l’identité des sources, les boîtes de réponses, les pièces jointes et ce qu’a écrit l’équipe de coordination. Le titre, la description et les autres textes libres restent tels qu’ils ont été écrits, et peuvent encore nommer des personnes.
export-redacted-short = Les noms et les coordonnées sont omis ; le texte libre peut encore en contenir.
export-left-out = omis
export-summary = Résumé
export-reports = Signalements
export-timeline = Chronologie
export-event = Événement
export-description = Ce qui s’est passé
export-precision = Précision de la date
export-language = Langue
export-status = État
export-case-severity = Urgence selon l’équipe de coordination
export-assignee = Confié à
export-labels = Étiquettes
export-disputed = Indiqué différemment par deux personnes en même temps
export-disputed-status = état
export-disputed-severity = urgence
export-disputed-assignee = confié à
export-links = Autres signalements
export-notes = Notes de l’équipe de coordination
export-replies = Réponses à la personne qui l’a envoyé
export-custody = Chaîne de conservation
export-day = Jour (UTC)
export-by = Qui
export-step = Quoi, et son empreinte
export-the-drop = la boîte de dépôt
export-received = { $size } octets scellés reçus
export-mailbox = Boîte de réponses
export-attachments = Pièces jointes
export-file = Nom
export-kind = Type
export-bytes = Octets
export-age = âge : { $number }
export-people = personnes : { $number }
export-victims = Victimes
export-perpetrators = Auteurs présumés
export-source = Source
export-acts-civil = Droits civils et politiques
export-acts-groups = Droits de groupes de personnes
export-acts-social = Droits économiques, sociaux et culturels
export-fetching = Exportation
export-noting = Inscription
export-handed-out = Les journaux des dossiers disent que ceci est remis à { $to }, avec le SHA-256 de SHA256SUMS : { $digest }
error-not-handed-out =
    Rien n’a été écrit, car la remise n’a pas pu être notée dans le journal du dossier { $id } : { $why } { $noted ->
        [0] Aucun journal ne dit qu’elle a eu lieu.
        [one] Un autre journal dit déjà qu’elle a eu lieu ; ajoutez-y une note disant que ce n’est pas le cas.
       *[other] { $noted } autres journaux disent déjà qu’elle a eu lieu ; ajoutez-y des notes disant que ce n’est pas le cas.
    }
export-done =
    { $reports ->
        [one] Un signalement, fichiers : { $files }, dans { $path }. Toute personne qui a accès à ce dossier peut le lire : gardez le dossier chiffré et supprimez-le dès qu’il n’est plus utile.
       *[other] { $reports } signalements, fichiers : { $files }, dans { $path }. Toute personne qui a accès à ce dossier peut les lire : gardez le dossier chiffré et supprimez-le dès qu’il n’est plus utile.
    }
export-not-for-you =
    { $count ->
        [one] Un signalement est scellé pour d’autres personnes de l’équipe et n’est pas dans l’exportation.
       *[other] { $count } signalements sont scellés pour d’autres personnes de l’équipe et ne sont pas dans l’exportation.
    }
export-none = Aucun signalement ne correspond ; rien n’a été écrit.

## Travailler sans la boîte de dépôt
error-not-asked = Cela ne peut pas se faire sans la boîte de dépôt, et elle n’a pas été interrogée. Relancez la commande sans --offline dès qu’elle est joignable.
no-answer-yet = La boîte ne répond pas encore. Ctrl-C met fin à l’attente.
no-answer-offline-works = La boîte ne répond pas encore. Avec --offline, on travaille avec ce qui est déjà connu ; Ctrl-C met fin à l’attente.
offline-as-of = Voici ce qui était connu le { $day }. Ce que vous notez partira avec la prochaine commande qui joint la boîte de dépôt.
unsent-sending = Envoi de ce qui a été noté sans la boîte de dépôt
unsent-sent =
    { $count ->
        [one] Une entrée en attente a été envoyée.
       *[other] { $count } entrées en attente ont été envoyées.
    }
unsent-waits =
    { $count ->
        [one] Une entrée attend la boîte de dépôt : la prochaine commande qui la joint l’enverra.
       *[other] { $count } entrées attendent la boîte de dépôt : la prochaine commande qui la joint les enverra.
    }
unsent-stays =
    { $count ->
        [one] Une entrée attend toujours : { $why }
       *[other] { $count } entrées attendent toujours : { $why }
    }
unsent-gone = Le signalement { $id } a été supprimé de la boîte de dépôt : ce qui en a été noté entre-temps est abandonné.
log-unsent = pas encore envoyé

## Erreurs
error-no-such-report = Dans cette boîte de dépôt, aucun signalement n’a un identifiant qui commence par { $prefix }. Pour les voir tous : kua inbox --all
error-roster-none = { $path } n’est pas une liste de coordination signée : { $why }. Indiquez le fichier que kua roster new a créé ou que kua roster fetch a enregistré.
error-ambiguous = Plusieurs identifiants commencent par { $prefix } ; tapez-en davantage : { $ids }
error-not-for-you = { $what } n’est pas scellé pour votre clé. Une personne de l’équipe qui peut le lire peut vous y donner accès : kua grant
error-recipient = { $beginning }… n’est pas la clé d’un destinataire : { $why }. Elle commence par age1pq1 et compte { $length } caractères : copiez-la de nouveau, en entier.
error-damaged = { $path } est endommagé ou a été modifié : cherchez pourquoi, puis supprimez-le.
error-weak-passphrase = Cette phrase secrète est trop facile à deviner : prenez six mots sans rapport entre eux.
