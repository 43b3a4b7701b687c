# Palabras para las listas de un informe. Los códigos están en crates/report/src/vocabulary.rs; las palabras son nuestras.

## Qué se hizo
act-life = Vida: homicidio, amenazas contra la vida
act-personal-integrity = Integridad personal: golpes, tortura, violación
act-liberty = Arresto, detención, secuestro
act-privacy = Vida privada: allanamientos, registros policiales, vigilancia
act-movement = Libertad de circulación y lugar de residencia
act-equality = Igualdad entre mujeres y hombres
act-family = Matrimonio y familia
act-reproduction = Decisiones sobre tener hijos
act-information = Acceso a la información
act-expression = Libertad de expresión y de prensa
act-belief = Creencias y opiniones
act-association = Organizaciones, reuniones, protestas
act-property = Propiedad
act-reputation = Honra y reputación
act-creativity = Arte y creación
act-science = Beneficios de la ciencia
act-political-participation = Elecciones y vida pública
act-labour = Trabajo y huelgas
act-children = Derechos de la niñez
act-ageing = Derechos de las personas mayores
act-aliens = Derechos de las personas extranjeras
act-disability = Derechos de las personas con discapacidad
act-accused = Derechos de las personas acusadas, juicio justo
act-detained = Trato en detención o en prisión
act-minorities = Derechos de las minorías
act-refugees = Derechos de las personas refugiadas
act-social-security = Pensiones y prestaciones
act-housing = Vivienda, desalojo
act-food = Alimentación
act-health = Salud y atención médica
act-education = Educación
act-environment = Medio ambiente

## A quién
victim-individual = Una persona
victim-family = Una familia
victim-group = Un grupo o una organización
victim-community = Una comunidad, como un pueblo
victim-social-group = Personas en la misma situación
victim-people-in-general = La población en general

## Quién lo hizo
perpetrator-governmental = El Estado: policía, funcionarios, ejército, tribunales
perpetrator-non-governmental = Un grupo no estatal
perpetrator-occupying-forces = Fuerzas de ocupación
perpetrator-private-powerful = Particulares con poder
perpetrator-commercial = Una empresa
perpetrator-international-financial-institution = Una institución financiera internacional
perpetrator-other = Alguien más
perpetrator-unknown = No se sabe

## Qué tan fiable es
reliability-highly-reliable = Muy fiable
reliability-likely-reliable = Probablemente fiable
reliability-unsure = Incierto
reliability-likely-unreliable = Probablemente no fiable
reliability-highly-unreliable = Nada fiable
reliability-unknown = No se sabe

## Cuánta urgencia tiene
severity-urgent = Urgente: alguien está en peligro
severity-high = Alta: en pocos días
severity-priority = Importante
severity-low = Baja: cuando haya tiempo

## Qué tan exacta es la fecha
precision-day = Se sabe el día
precision-month = Se sabe el mes
precision-year = Se sabe el año
precision-estimate = Fecha aproximada

## En qué parte del día
part-of-day-morning = Mañana
part-of-day-afternoon = Tarde
part-of-day-evening = Anochecer
part-of-day-night = Noche o madrugada
