# Ce que lit sur la page la personne qui signale. Le reste de ses mots est commun avec le programme : vocabulary, submitter et errors.

## Sur chaque page
# Se trouve dans le cadre de la fenêtre et dans la liste des fenêtres, où d’autres peuvent le voir : ne dit rien.
page-title = Formulaire
page-leave = Quitter maintenant
page-leave-hint = ou appuyez trois fois sur Maj (Shift)
page-leave-count = { $left ->
    [one] Appuyez encore une fois sur Maj (Shift) pour quitter.
   *[other] Appuyez encore { $left } fois sur Maj (Shift) pour quitter.
}
page-back = Retour
page-continue = Continuer
page-languages = Langue
page-problem = Il y a un problème
page-wait = Un instant…
page-try-again = Réessayer

## Le lien
page-link = Quel lien vous a-t-on donné ?
page-link-hint = Il ressemble à https://drop.example/#kua1… Copiez-le en entier.
page-link-address = Ce n’est pas un lien. Le lien d’une boîte de dépôt ressemble à https://drop.example/#kua1…
page-link-incomplete = Il manque la partie du lien qui suit #. Sans elle, personne ne peut dire si c’est la bonne boîte de dépôt. Ouvrez le lien en entier, ou demandez-le de nouveau.
page-checking = Vérification : qui lira ce que vous écrivez…
page-stop = Arrêtez-vous ici

## Avant de commencer
page-before = Avant de commencer
page-before-alone = Assurez-vous que personne ne puisse voir votre écran.
page-before-device = N’utilisez ni un appareil ni un réseau de votre travail ou de votre lieu d’études.
page-before-tor = Votre réseau peut voir que vous êtes ici, mais pas ce que vous écrivez. Si personne ne doit savoir que vous êtes ici, ouvrez ce lien dans Tor Browser.
page-before-kept = Cette page ne garde rien sur cet appareil. Quand vous la fermez, ce que vous avez écrit disparaît.
page-before-leave = S’il faut vite tout cacher, appuyez en haut sur « Quitter maintenant », ou trois fois sur Maj (Shift).
page-before-name = N’écrivez pas votre nom, sauf si vous voulez qu’on le connaisse.
page-write = Écrire un signalement
page-have-codename = J’ai un nom de code

## Les questions
page-what = Que s’est-il passé ?
page-what-hint = Racontez-le avec vos mots et dans n’importe quelle langue. Cela seul est nécessaire.
page-what-missing = Écrivez ce qui s’est passé
page-title-label = Un titre en une ligne, si vous voulez
page-skip = Passer les autres questions
page-when = Quand cela s’est-il passé ?
page-when-hint = Si vous ne savez pas tout, l’année seule suffit. Vous pouvez laisser ces champs vides.
page-day = Jour
page-month = Mois
page-year = Année
page-when-wrong = Écrivez des nombres, comme 21, 3 et 2026. Si vous donnez le jour, donnez aussi le mois ; si vous donnez le mois, donnez aussi l’année.
page-about = J’ai un doute sur la date
page-part-of-day = Moment de la journée
page-leave-open = Je ne précise pas
page-where = Où cela s’est-il passé ?
page-where-hint = Un lieu, avec des mots. Vous pouvez laisser ce champ vide.
page-acts = Qu’a-t-on fait ?
page-acts-hint = Cochez tout ce qui convient, ou rien.
page-victim = À qui l’a-t-on fait ?
page-victim-role = Qui est cette personne ou ce groupe ?
page-victim-role-hint = En quelques mots et sans nom, par exemple : syndicaliste
page-perpetrator = Qui l’a fait ?
page-perpetrator-description = Que sait-on de ces personnes ?
page-perpetrator-description-hint = Uniforme, unité, apparence, plaques d’immatriculation
page-severity = À quel point est-ce urgent ?

## Les fichiers
page-files = Fichiers à joindre
page-files-hint = Photos, enregistrements, documents. Vous pouvez en choisir plusieurs, ou aucun.
page-file-looking = Recherche, sur cet appareil, de ce qui se cache dans { $name }…
page-file-remove = Enlever
page-file-clean = Retirer ce qui s’y cache. L’image reste la même, et le fichier de votre appareil aussi.
page-file-nothing-hidden = Rien ne s’y cache en dehors de l’image.
page-file-not-understood = { $name } est endommagé ou inhabituel. Il est envoyé tel quel, et personne ne peut savoir avec certitude ce qui s’y cache.
page-file-changed = { $file } n’est plus lisible, ou a changé. Enlevez-le et choisissez-le de nouveau. Rien n’a été envoyé.
page-readers = Qui peut le lire ?
page-readers-hint = Ce que vous envoyez ne peut être ouvert que par les personnes que vous choisissez.
page-readers-missing = Choisissez au moins une personne

## Vérification
page-check = Vérifiez ce que vous avez écrit
page-check-next = Tout est scellé sur cet appareil avant d’être envoyé. Seules les personnes ci-dessus peuvent l’ouvrir.
page-row-title = Titre
page-nothing = Non précisé
page-change = Modifier
page-send = Sceller et envoyer
page-too-much-text = Le texte fait { $bytes } octets, et un signalement en contient au plus { $limit }. Mettez les longs textes dans un fichier. Rien n’a été envoyé.

## Le nom de code
page-codename = Votre nom de code
page-codename-why = Avec ces mots, vous pourrez revenir, lire les réponses et écrire de nouveau. Rien n’a encore été envoyé.
page-codename-have = J’ai les mots
page-confirm = Deux de vos mots
page-confirm-hint = Pour vérifier que vous les avez bien. Pour revoir tous les mots, revenez en arrière.
page-confirm-word = Mot numéro { $number }
page-confirm-wrong = Le mot numéro { $number } est un autre. Regardez ce que vous avez noté, ou revenez en arrière pour voir les mots.

## Envoi
page-sending = Envoi
page-stay = Gardez cette page ouverte jusqu’à ce qu’elle dise que votre signalement est arrivé.
page-stage-keys = Création de vos clés. Dans Tor Browser, cela peut prendre une demi-minute…
page-stage-reading = Lecture des fichiers…
page-stage-sending = Scellement et envoi…
page-progress = { $done } sur { $total }
page-not-sent = Votre signalement n’a pas été envoyé
page-not-sent-kept = Ce que vous avez écrit est toujours ici, tant que cette page est ouverte.
page-unreachable = Impossible de joindre la boîte de dépôt. Vérifiez le réseau et réessayez ; rien n’est perdu.
page-dishonest = Ne faites pas confiance à cette boîte de dépôt : elle ne répond pas comme elle le devrait. Prévenez l’équipe de coordination autrement que par cette page.
page-mistake = Cette page a fait une erreur. Réessayez ; si cela continue, utilisez un autre navigateur ou prévenez l’équipe de coordination.
page-done = Votre signalement est arrivé

## Revenir
page-return-how = Comment revenir
page-return-steps = Ouvrez le même lien, choisissez « J’ai un nom de code » et tapez vos huit mots. Revenez dans quelques jours : s’il y a des questions, vous les trouverez là. Voici le lien :
page-acknowledge = Si aucune réponse n’arrive, écrivez de nouveau : une boîte de dépôt peut perdre des choses, et personne ne peut vous écrire autrement.
page-kept-for = La boîte de dépôt le supprime au bout de { $days } jours, ou plus tard si elle est restée éteinte un temps.
page-receipt = Le reçu de la boîte de dépôt
page-receipt-what = Il prouvera plus tard que la boîte de dépôt avait votre signalement ce jour-là. Ne l’enregistrez que là où personne d’autre ne peut le trouver.
page-receipt-save = Enregistrer le reçu
page-enter = Tapez votre nom de code
page-enter-hint = Les huit mots, séparés par des espaces. Les quatre premières lettres de chaque mot suffisent.
page-thread = Ce qui a été envoyé et répondu
page-add = Que voulez-vous ajouter ?
page-write-again = Écrire de nouveau
page-look-again = Actualiser
page-reply-delete = Supprimer la réponse { $number }
page-reply-delete-really = Supprimer la réponse { $number } pour toujours
page-reply-save = Enregistrer { $name } ({ $size })
