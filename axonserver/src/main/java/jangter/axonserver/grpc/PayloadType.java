package jangter.axonserver.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.axoniq.axonserver.grpc.event.PayloadDescription;
import jangter.axonserver.store.StoredEvent;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Reads no more of an event than its payload's type and revision. */
final class PayloadType {

    private static final int PAYLOAD = 6;
    private static final int TYPE = 1;
    private static final int REVISION = 2;

    private PayloadType() {
    }

    static PayloadDescription of(StoredEvent event) {
        PayloadDescription.Builder description = PayloadDescription.newBuilder();
        try {
            CodedInputStream fields = CodedInputStream.newInstance(event.buffer(), event.offset(), event.length());
            for (int tag = fields.readTag(); tag != 0; tag = fields.readTag()) {
                if (WireFormat.getTagFieldNumber(tag) == PAYLOAD) {
                    int outer = fields.pushLimit(fields.readRawVarint32());
                    describe(fields, description);
                    fields.popLimit(outer);
                } else {
                    fields.skipField(tag);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return description.build();
    }

    private static void describe(CodedInputStream payload, PayloadDescription.Builder description) throws IOException {
        for (int tag = payload.readTag(); tag != 0; tag = payload.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case TYPE -> description.setType(payload.readStringRequireUtf8());
                case REVISION -> description.setRevision(payload.readStringRequireUtf8());
                default -> payload.skipField(tag);
            }
        }
    }
}
