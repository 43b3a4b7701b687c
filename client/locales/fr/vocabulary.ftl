# Mots pour les listes d’un signalement. Les codes sont dans crates/report/src/vocabulary.rs ; les mots sont les nôtres.

## Ce qui a été fait
act-life = Vie : homicide, menaces contre la vie
act-personal-integrity = Intégrité physique et psychique : coups, torture, viol
act-liberty = Arrestation, détention, enlèvement
act-privacy = Vie privée : perquisitions, surveillance
act-movement = Liberté de circulation et lieu de résidence
act-equality = Égalité entre les femmes et les hommes
act-family = Mariage et famille
act-reproduction = Choix d’avoir ou non des enfants
act-information = Accès à l’information
act-expression = Liberté d’expression et de la presse
act-belief = Croyances et opinions
act-association = Organisations, réunions, manifestations
act-property = Propriété
act-reputation = Réputation
act-creativity = Art et création
act-science = Bienfaits de la science
act-political-participation = Élections et vie publique
act-labour = Travail et grèves
act-children = Droits de l’enfant
act-ageing = Droits des personnes âgées
act-aliens = Droits des personnes étrangères
act-disability = Droits des personnes handicapées
act-accused = Droits des personnes accusées, procès équitable
act-detained = Traitement en détention ou en prison
act-minorities = Droits des minorités
act-refugees = Droits des personnes réfugiées
act-social-security = Retraites et prestations sociales
act-housing = Logement, expulsion
act-food = Alimentation
act-health = Santé et soins médicaux
act-education = Éducation
act-environment = Environnement

## À qui
victim-individual = Une personne
victim-family = Une famille
victim-group = Un groupe ou une organisation
victim-community = Une communauté, par exemple un village
victim-social-group = Des personnes dans la même situation
victim-people-in-general = La population en général

## Par qui
perpetrator-governmental = L’État : police, fonctionnaires, armée, tribunaux
perpetrator-non-governmental = Un groupe non étatique
perpetrator-occupying-forces = Des forces d’occupation
perpetrator-private-powerful = Des particuliers puissants
perpetrator-commercial = Une entreprise
perpetrator-international-financial-institution = Une institution financière internationale
perpetrator-other = Quelqu’un d’autre
perpetrator-unknown = On ne sait pas

## À quel point c’est fiable
reliability-highly-reliable = Très fiable
reliability-likely-reliable = Probablement fiable
reliability-unsure = Incertain
reliability-likely-unreliable = Probablement pas fiable
reliability-highly-unreliable = Pas du tout fiable
reliability-unknown = On ne sait pas

## À quel point c’est urgent
severity-urgent = Urgent : quelqu’un est en danger
severity-high = Élevée : sous quelques jours
severity-priority = Important
severity-low = Faible : quand il y aura du temps

## Avec quelle précision la date est connue
precision-day = Le jour est connu
precision-month = Le mois est connu
precision-year = L’année est connue
precision-estimate = Date approximative

## À quel moment de la journée
part-of-day-morning = Matin
part-of-day-afternoon = Après-midi
part-of-day-evening = Soir
part-of-day-night = Nuit
