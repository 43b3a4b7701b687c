# Ce que lit la personne qui signale quand la page n’exécute pas JavaScript, et dans les réponses de la boîte de dépôt à son formulaire. Aucun message n’a d’argument.

plain-language = Français

## La page
plain-title = Sans JavaScript
plain-why = Votre navigateur n’exécute pas JavaScript sur cette page. Rien ne peut donc être vérifié ici : ni qui lirait votre signalement, ni si c’est la bonne boîte de dépôt. C’est pourquoi il n’y a ici ni nom ni champ où écrire. N’écrivez à personne par une page que vous n’avez pas pu vérifier.
plain-script = Si vous pouvez activer JavaScript
plain-script-how = Dans Tor Browser, choisissez dans les paramètres le niveau de sécurité « Plus sûr » (Safer), puis ouvrez de nouveau le lien entier. La page scelle alors votre signalement sur cet appareil.
plain-program = Si vous avez le programme kua
plain-program-how = Il n’a pas besoin de navigateur. Voici comment il envoie un signalement ; vous pourrez ensuite revenir et lire les réponses :
plain-seal-how = Voici comment il scelle un signalement dans un fichier, sur tout appareil où il fonctionne :
plain-program-link = À la place de LINK, écrivez le lien entier que l’on vous a donné, entre guillemets droits ("…") et avec la partie qui suit #. C’est par elle que le programme s’assure que c’est la bonne boîte de dépôt.
plain-send = Envoyer un fichier scellé
plain-one-way = Envoyé d’ici, un signalement part à sens unique. Personne ne peut vous répondre, vous ne pouvez ni le compléter ni le supprimer, et le nom de code affiché par kua seal n’y ramène pas.
plain-file = Le fichier scellé, par exemple report.age
plain-file-hint = Ne choisissez qu’un fichier fait par kua seal. Tout autre est refusé et n’est pas conservé, mais la personne qui gère la boîte de dépôt pourrait le voir en chemin. Le nom du fichier n’est pas conservé.
plain-submit = Envoyer le fichier

## Les réponses
plain-accepted = La boîte de dépôt a votre signalement. Seules les personnes de l’équipe de coordination pour lesquelles il a été scellé peuvent l’ouvrir.
plain-id = Son identifiant
plain-day = Jour (UTC)
plain-again = Retour au formulaire
plain-not-sealed = Ce n’est pas un fichier scellé, ou il n’est pas entier. Rien n’a été conservé. Scellez-le d’abord : kua seal LINK --report report.json --out report.age
plain-too-large = Le fichier est plus grand que ce que ce formulaire accepte. Rien n’a été conservé. Le programme en envoie de plus grands : kua submit LINK
plain-shut = Ce formulaire n’accepte plus de fichiers aujourd’hui ; il rouvre à minuit (UTC). Rien n’a été conservé. Le programme peut envoyer à tout moment : kua submit LINK
plain-broken = Le fichier n’est pas arrivé entier, ou la boîte de dépôt est occupée. Rien n’a été conservé. Réessayez dans un instant.
plain-no-file = Aucun fichier n’est arrivé. Revenez en arrière, choisissez-en un et envoyez-le de nouveau.
plain-other-origin = Cet envoi ne vient pas de la page de cette boîte de dépôt. Rien n’a été conservé. Ouvrez votre lien et envoyez le fichier de là.
