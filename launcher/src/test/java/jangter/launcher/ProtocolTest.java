package jangter.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProtocolTest {

    private static final boolean OUT = true;
    private static final boolean IN = false;
    private static final String TAKE_PAYMENT = "jangter.payment.api.PaymentCommand$TakePayment {\"walletId\":1}";
    private static final String PAYMENT_TAKEN = "jangter.payment.api.PaymentEvent$PaymentTaken {\"walletId\":1}";
    private static final String RESPONSE = "\"";

    private final Protocol.Conversation withAxonServer = Protocol.GRPC.conversation();
    private final Protocol.Conversation withMongo = Protocol.MONGO.conversation();

    @Test
    void frames_end_where_they_say() throws IOException {
        byte[] preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        sent.write(preface);
        sent.write(data(1, "first"));
        sent.write(data(3, "second"));
        ByteArrayInputStream in = new ByteArrayInputStream(sent.toByteArray());

        assertThat(Protocol.GRPC.next(in)).isEqualTo(preface);
        assertThat(Protocol.GRPC.next(in)).isEqualTo(data(1, "first"));
        assertThat(Protocol.GRPC.next(in)).isEqualTo(data(3, "second"));
        assertThat(Protocol.GRPC.next(in)).isNull();
    }

    @Test
    void a_command_on_its_way_to_axon_server_is_about_to_be_sent() {
        assertThat(withAxonServer.momentOf(OUT, data(5, TAKE_PAYMENT))).contains(Moment.BEFORE_SEND);
    }

    @Test
    void that_somebody_handles_commands_is_no_command() {
        assertThat(withAxonServer.momentOf(OUT, data(5, "jangter.payment.api.PaymentCommand$TakePayment"))).isEmpty();
    }

    @Test
    void what_comes_back_to_an_event_is_its_confirmation() {
        assertThat(withAxonServer.momentOf(OUT, data(7, PAYMENT_TAKEN))).isEmpty();
        assertThat(withAxonServer.momentOf(IN, data(9, "another's"))).isEmpty();

        assertThat(withAxonServer.momentOf(IN, data(7, "ok"))).contains(Moment.AFTER_APPEND);
        assertThat(withAxonServer.momentOf(IN, data(7, "no more"))).isEmpty();
    }

    @Test
    void a_handled_command_is_answered_on_its_stream() {
        assertThat(withAxonServer.momentOf(IN, data(3, TAKE_PAYMENT))).isEmpty();
        assertThat(withAxonServer.momentOf(OUT, data(3, "\32 more permits"))).isEmpty();

        assertThat(withAxonServer.momentOf(OUT, data(3, RESPONSE))).contains(Moment.BEFORE_ANSWER);
    }

    @Test
    void a_sent_command_is_answered_on_its_stream() {
        withAxonServer.momentOf(OUT, data(5, TAKE_PAYMENT));

        assertThat(withAxonServer.momentOf(IN, data(5, "done"))).contains(Moment.BEFORE_ANSWER);
    }

    @Test
    void a_saga_is_stored_when_mongo_answers_that_very_message() {
        assertThat(withMongo.momentOf(OUT, message(41, 0, "update\0\6\0\0\0sagas\0"))).isEmpty();
        assertThat(withMongo.momentOf(OUT, message(42, 0, "update\0\7\0\0\0tokens\0"))).isEmpty();

        assertThat(withMongo.momentOf(IN, message(1, 42, "ok"))).isEmpty();
        assertThat(withMongo.momentOf(IN, message(2, 41, "ok"))).contains(Moment.AFTER_SAGA_STORE);
    }

    /** An HTTP/2 frame of data with one gRPC message. */
    private static byte[] data(int stream, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.US_ASCII);
        int length = bytes.length + 5;
        return ByteBuffer.allocate(9 + length).put((byte) (length >> 16)).put((byte) (length >> 8)).put((byte) length).put((byte) 0).put((byte) 0)
                .putInt(stream).put((byte) 0).putInt(bytes.length).put(bytes).array();
    }

    private static byte[] message(int number, int answers, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(16 + bytes.length).order(ByteOrder.LITTLE_ENDIAN).putInt(16 + bytes.length).putInt(number).putInt(answers).putInt(2013)
                .put(bytes).array();
    }
}
