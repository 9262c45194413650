package jangter.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a release tells of what it is made of; {@code -Prelease} makes it. */
@EnabledIfSystemProperty(named = "jangter.release", matches = "true", disabledReason = "only a release has a bill of materials")
class BillOfMaterialsTest {

    @Test
    void every_library_is_listed_with_its_version_and_its_licence() throws IOException {
        Map<String, JsonNode> components = components();

        assertThat(licences(components.get("org.axonframework:axon-messaging:4.13.0"))).containsExactly("Apache-2.0");
        assertThat(licences(components.get("io.axoniq:axonserver-connector-java:2025.2.1"))).containsExactly("Apache-2.0");
        assertThat(components.keySet()).anyMatch(name -> name.startsWith("org.xerial:sqlite-jdbc:")).anyMatch(name -> name.startsWith("jangter:messages:"))
                .noneMatch(name -> name.startsWith("org.assertj:"));
        assertThat(components.entrySet()).allSatisfy(component -> assertThat(licences(component.getValue())).as(component.getKey()).isNotEmpty());
    }

    private static Map<String, JsonNode> components() throws IOException {
        try (InputStream in = Objects.requireNonNull(BillOfMaterialsTest.class.getResourceAsStream("/META-INF/sbom/application.cdx.json"))) {
            Map<String, JsonNode> components = new TreeMap<>();
            for (JsonNode component : JsonMapper.shared().readTree(in).get("components")) {
                components.put(component.get("group").asString() + ":" + component.get("name").asString() + ":" + component.get("version").asString(), component);
            }
            return components;
        }
    }

    /** By their SPDX ids where they have one, else by their names. */
    private static List<String> licences(JsonNode component) {
        return StreamSupport.stream(component.path("licenses").spliterator(), false)
                .map(licence -> licence.has("expression") ? licence.get("expression").asString()
                        : licence.get("license").path("id").asString(licence.get("license").path("name").asString()))
                .toList();
    }
}
