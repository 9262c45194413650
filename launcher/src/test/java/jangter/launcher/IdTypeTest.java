package jangter.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import de.bwaldvogel.mongo.bson.Document;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.ObjectDataType;
import org.junit.jupiter.api.Test;

class IdTypeTest {

    private static final List<Object> IDS = List.of("order-1", "order-2", "order-01234567", "order-012345678", "order-0123456789".repeat(20),
            "쿠폰-0123456789abcdef", "0123456789abcdé", "0123456789abcdef쿠", "half a letter: \ud800", "", 7, 7L, new Document("processor", "views").append("segment", 0),
            new Document("processor", "views").append("segment", 1));
    private static final int TIMES = 20_000;

    private final IdType ids = new IdType();

    @Test
    void ids_are_in_the_order_and_written_in_the_way_of_the_store_itself() {
        for (Object one : IDS) {
            for (Object other : IDS) {
                assertThat(Integer.signum(ids.compare(one, other))).as("%s %s", one, other).isEqualTo(Integer.signum(new ObjectDataType().compare(one, other)));
            }
            WriteBuffer ours = new WriteBuffer();
            WriteBuffer theirs = new WriteBuffer();
            ids.write(ours, one);
            new ObjectDataType().write(theirs, one);
            ByteBuffer written = ours.getBuffer().flip();
            assertThat(written).isEqualTo(theirs.getBuffer().flip());
            assertThat(ids.getMemory(one)).isEqualTo(new ObjectDataType().getMemory(one));
            // followed by another one, as on a page
            ByteBuffer two = ByteBuffer.allocate(written.remaining() * 2).put(written.duplicate()).put(written).flip();
            assertThat(ids.read(two)).isEqualTo(one);
            assertThat(ids.read(two)).isEqualTo(one);
            assertThat(two.hasRemaining()).isFalse();
        }
    }

    @Test
    void several_threads_may_use_it_for_ids_of_several_kinds() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Callable<Integer>> users = IntStream.range(0, 4).<Callable<Integer>>mapToObj(user -> () -> wrong(user)).toList();

        for (Future<Integer> wrong : threads.invokeAll(users)) {
            assertThat(wrong.get()).isZero();
        }
        threads.shutdown();
    }

    private int wrong(int user) {
        int wrong = 0;
        for (int i = 0; i < TIMES; i++) {
            Object one = IDS.get((i + user) % IDS.size());
            wrong += ids.compare(one, one) == 0 ? 0 : 1;
            wrong += user % 2 == 0 || ids.getMemory(one) > 0 ? 0 : 1;
            ids.write(new WriteBuffer(), one);
        }
        return wrong;
    }
}
