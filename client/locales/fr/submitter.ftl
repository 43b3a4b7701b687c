# Ce que lit dans un terminal la personne qui envoie un signalement.

answer-yes = oui
answer-no = non

## Envoi
submit-connecting = Lecture de la liste de coordination de la boîte de dépôt…
submit-sending = Envoi…
submit-waiting = En attente du réseau…
submit-starts-over = La boîte de dépôt n’a pas gardé ce qui avait été envoyé. Le signalement est scellé de nouveau, avec une nouvelle clé, et envoyé depuis le début.
submit-accepted = La boîte de dépôt a votre signalement { $id } depuis le { $day }. Seules les personnes que vous avez choisies dans l’équipe de coordination peuvent l’ouvrir.
submit-come-back = Gardez les huit mots : c’est avec eux, et eux seuls, que vous pourrez compléter ce signalement.
submit-receipt-saved = Le reçu est enregistré : { $path }. Pour le vérifier des années plus tard, il faut aussi la liste de coordination : kua roster fetch LINK --out roster.json
seal-sealing = Scellement sur cet appareil…
seal-done = Scellé dans { $path } ; son identifiant est { $id }. La personne qui le porte ou l’envoie ne peut pas l’ouvrir.

## Le nom de code
codename-this-is = Ces huit mots sont votre nom de code. Ils ne s’affichent qu’une fois :
codename-keep =
    Écrivez-les sur du papier ou apprenez-les par cœur. Ne les photographiez pas et ne les envoyez à personne.
    Personne ne pourra vous les redonner.
codename-ask-word = Pour vérifier que vous les avez bien : quel est le mot numéro { $number } ?
codename-wrong-word = Ce n’est pas ce mot. Regardez les huit mots ci-dessus.

## Écrire un signalement
interview-readers = Ces personnes pourront lire ce que vous écrivez, et personne d’autre :
interview-digits = Si l’on vous a donné des chiffres à comparer, ils doivent être identiques à ceux-ci :
interview-hint =
    Il suffit de raconter ce qui s’est passé. Appuyez sur Entrée pour passer une question ; sur Ctrl-C pour arrêter sans rien envoyer.
    N’écrivez pas votre nom, sauf si vous voulez qu’on le connaisse.
interview-choose-readers = Qui peut le lire ? Si vous ne tapez rien, toutes les personnes de la liste :
interview-what = Que s’est-il passé ? Une ligne vide termine le texte.
interview-title = Un titre en une ligne ? (Entrée reprend le début du texte)
interview-when = Quand ? Un jour comme 2026-03-21, un mois comme 2026-03, ou une année (Entrée si vous ne savez pas)
interview-when-wrong = Écrivez un jour comme 2026-03-21, un mois comme 2026-03 ou une année comme 2026.
interview-where = Où ? Un lieu, avec des mots (Entrée si vous ne savez pas)
interview-acts = Qu’a-t-on fait ? Vous pouvez taper plusieurs numéros :
interview-victim-kind = À qui ?
interview-victim-role = Qui est cette personne ou ce groupe, en quelques mots et sans nom ? (par exemple : syndicaliste)
interview-perpetrator-type = Qui l’a fait ?
interview-perpetrator-description = Que sait-on de ces personnes ? (uniforme, unité, apparence)
interview-severity = À quel point est-ce urgent ?
interview-file = Un fichier à joindre, sous forme de chemin (Entrée s’il n’y en a pas).
interview-numbers = Des numéros séparés par des espaces (Entrée pour aucun) :
interview-numbers-wrong = Tapez des numéros de 1 à { $most }.
interview-one-number = Tapez un seul numéro.
interview-review = Voici ce qui sera scellé et envoyé :
interview-to = À
interview-to-all = toute l’équipe de coordination nommée ci-dessus
interview-send = Sceller et envoyer ?
interview-again = Tout réécrire depuis le début ?

## Ce qui se cache dans les fichiers
hidden-found = Dans { $name } se cache plus que l’image :
hidden-location = le lieu de la prise de vue
hidden-device = l’appareil
hidden-author = le nom de la personne qui l’a faite
hidden-time = la date et l’heure
hidden-thumbnail = une miniature, où l’on voit peut-être encore ce qui a été coupé
hidden-comment = un texte
hidden-software = le logiciel
hidden-history = ce qu’on en a fait, et peut-être qui (XMP, IPTC)
hidden-profile = un profil de couleur, qui peut trahir l’appareil
hidden-trailing = des données après la fin
hidden-unknown = des données inconnues
hidden-ask = Retirer ces données cachées ? L’image reste la même ; le fichier de votre appareil ne change pas.
hidden-removed = Ces données cachées ont été retirées de la copie de { $name } qui est envoyée.
hidden-kept = Ces données cachées sont envoyées avec { $name }. Pour les retirer : --strip-metadata
hidden-other-format = { $name } est envoyé tel quel : le lieu, l’appareil et le nom de la personne qui l’a fait peuvent s’y cacher, et on ne peut pas les retirer ici.
hidden-send-unclean = L’envoyer tel quel, avec tout ce qu’il cache ?

## Revenir
return-looking = Ouverture de votre boîte de réponses…
return-codename = Votre nom de code, les huit mots :
return-nothing = Il n’y a rien sous ce nom de code. Vérifiez les mots et le lien.
return-sent = Envoyé le { $day } : { $id }
return-opened = Une personne de l’équipe de coordination l’a ouvert.
return-not-opened = Personne n’a encore dit l’avoir ouvert.
return-reply = Réponse { $number } de { $name }, { $day } :
return-file = Avec un fichier : { $name } ({ $size }). Pour l’enregistrer : kua return --out DIR
return-saved = Enregistré : { $path }. D’autres qui utilisent cet appareil peuvent le trouver.
return-gap = La réponse { $number } manque : vous l’avez supprimée, ou la boîte de dépôt la retient.
return-double = Il y a deux réponses portant le numéro { $number } : deux personnes de l’équipe de coordination ont écrit en même temps, ou vous avez supprimé des réponses entre-temps.
return-refused = { $id } n’a pas été affichée : { $why }.
return-refused-seal = elle n’est pas scellée pour vous, ou a été modifiée
return-refused-author = personne dans l’équipe de coordination ne l’a signée
return-refused-place = elle a été écrite pour quelqu’un d’autre ou pour une autre boîte de dépôt
return-refused-form = elle enfreint les règles des réponses
return-menu = 1 écrire   2 supprimer les réponses   3 actualiser   4 quitter :
return-what = Que voulez-vous ajouter ? Une ligne vide termine le texte.
acknowledgement = Merci. Votre signalement est arrivé et une personne de l’équipe de coordination l’a ouvert. Revenez avec vos huit mots : si nous avons des questions, vous les trouverez ici.

## Reçus
receipt-holds = Le reçu est valable. Le { $day }, la boîte de dépôt avait ce signalement, de { $size } octets : { $id }
receipt-file-agrees = { $path } est ce signalement, octet pour octet.
receipt-roster-ended = La liste de coordination a expiré le { $day }. Personne ne scelle plus pour elle ; ce qu’elle dit de la clé de la boîte de dépôt reste vrai.
receipt-link-agrees = La liste de coordination est signée par la clé que désigne le lien.
receipt-digits = Il n’est valable que si ces chiffres sont ceux par lesquels vous connaissez cette boîte de dépôt. Comparez-les :

## Les lignes d’un signalement
open-occurred = Quand
open-place = Lieu
open-acts = Faits
open-severity = Urgence
open-victim = À qui
open-perpetrator = Par qui
open-source = Source
open-intervention = Intervention
open-attachment = Fichier

## La page
site-same = identique : { $path }
site-other = AUTRE : { $path }, de SHA-256 { $digest }
site-missing = ABSENT : { $path } ; la boîte de dépôt répond { $status }
site-field-other = AUTRE : champ d’en-tête { $name } de { $path } : { $value }
site-field-missing = ABSENT : champ d’en-tête { $name } de { $path }
site-field-added = EN TROP : champ d’en-tête { $name } de { $path } : { $value }
site-agrees = La boîte de dépôt sert la page que ce programme connaît, d’après ce qu’elle vient de lui montrer. Le SHA-256 de son SHA256SUMS est { $digest }
