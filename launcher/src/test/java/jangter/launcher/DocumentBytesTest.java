package jangter.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.bson.BsonBinaryWriter;
import org.bson.BsonDbPointer;
import org.bson.BsonDocument;
import org.bson.BsonJavaScriptWithScope;
import org.bson.BsonString;
import org.bson.BsonTimestamp;
import org.bson.BsonUndefined;
import org.bson.Document;
import org.bson.codecs.DocumentCodec;
import org.bson.codecs.EncoderContext;
import org.bson.io.BasicOutputBuffer;
import org.bson.types.Binary;
import org.bson.types.Code;
import org.bson.types.Decimal128;
import org.bson.types.MaxKey;
import org.bson.types.MinKey;
import org.bson.types.ObjectId;
import org.bson.types.Symbol;
import org.junit.jupiter.api.Test;

class DocumentBytesTest {

    /** As the driver's own writer has it. */
    private static byte[] bytes(Document document) {
        BasicOutputBuffer output = new BasicOutputBuffer();
        new DocumentCodec().encode(new BsonBinaryWriter(output), document, EncoderContext.builder().build());
        return output.toByteArray();
    }

    private static List<String> names(byte[] document) {
        List<String> names = new ArrayList<>();
        DocumentBytes.Fields fields = new DocumentBytes.Fields(document, 0);
        while (fields.next()) {
            names.add(fields.name());
        }
        assertThat(fields.end()).isEqualTo(document.length - 1).isEqualTo(DocumentBytes.end(document, 0));
        return names;
    }

    @Test
    void a_value_of_any_type_is_passed_over_to_the_next() {
        Document all = new Document("text", "장터").append("double", 0.5).append("document", new Document("inner", 1)).append("array", List.of(1, "two"))
                .append("bytes", new Binary(new byte[] {0, 1, 2})).append("id", new ObjectId()).append("yes", true).append("at", Date.from(Instant.EPOCH))
                .append("none", null).append("pattern", Pattern.compile("^a.*b$", Pattern.CASE_INSENSITIVE)).append("code", new Code("x()"))
                .append("symbol", new Symbol("s")).append("int", 1).append("timestamp", new BsonTimestamp(7, 8)).append("long", 1L << 40)
                .append("decimal", new Decimal128(17)).append("least", new MinKey()).append("most", new MaxKey()).append("undefined", new BsonUndefined())
                .append("pointer", new BsonDbPointer("shop.orders", new ObjectId()))
                .append("scope", new BsonJavaScriptWithScope("x()", new BsonDocument("x", new BsonString("y")))).append("이름", "").append("last", 1);

        assertThat(names(bytes(all))).containsExactlyElementsOf(all.keySet());
        assertThat(names(bytes(new Document()))).isEmpty();
    }

    @Test
    void each_type_by_itself_ends_where_the_document_does() {
        Map<String, Object> each = Map.of("pattern", Pattern.compile(""), "text", "", "empty", new Document(), "none", List.of(), "bytes", new Binary(new byte[0]));
        each.forEach((name, value) -> assertThat(names(bytes(new Document(name, value)))).containsExactly(name));
    }
}
