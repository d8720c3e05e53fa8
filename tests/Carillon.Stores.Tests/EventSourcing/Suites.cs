using Carillon.Conformance.EventSourcing;

namespace Carillon.Stores.Tests.EventSourcing;

public sealed class InMemoryAppendingTests : AppendingTests<InMemoryStreams>;

public sealed class InMemoryReadingTests : ReadingTests<InMemoryStreams>;

public sealed class InMemorySnapshotTests : SnapshotTests<InMemoryStreams>;

public sealed class InMemoryJoinedAppendTests : JoinedAppendTests<InMemoryStreams>;

public sealed class InMemoryLateCommitTests : LateCommitTests<InMemoryStreams>;

public sealed class InMemoryProjectionStoreTests : ProjectionStoreTests<InMemoryStreams>;

public sealed class PostgresAppendingTests : AppendingTests<PostgresStreams>;

public sealed class PostgresReadingTests : ReadingTests<PostgresStreams>;

public sealed class PostgresSnapshotTests : SnapshotTests<PostgresStreams>;

public sealed class PostgresJoinedAppendTests : JoinedAppendTests<PostgresStreams>;

public sealed class PostgresLateCommitTests : LateCommitTests<PostgresStreams>;

public sealed class PostgresProjectionStoreTests : ProjectionStoreTests<PostgresStreams>;

public sealed class SqliteAppendingTests : AppendingTests<SqliteStreams>;

public sealed class SqliteReadingTests : ReadingTests<SqliteStreams>;

public sealed class SqliteSnapshotTests : SnapshotTests<SqliteStreams>;

public sealed class SqliteJoinedAppendTests : JoinedAppendTests<SqliteStreams>;

public sealed class SqliteLateCommitTests : LateCommitTests<SqliteStreams>;

public sealed class SqliteProjectionStoreTests : ProjectionStoreTests<SqliteStreams>;
