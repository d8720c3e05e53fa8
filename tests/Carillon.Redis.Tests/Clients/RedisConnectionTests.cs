using System.IO.Pipes;
using System.Text;
using Carillon.Redis.Clients.Internal;
using Carillon.Testing;

namespace Carillon.Redis.Tests.Clients;

public sealed class RedisConnectionTests : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly SimulatedTime _time = new();
    private readonly Duplex _wire = new();
    private readonly RedisConnection _connection;

    public RedisConnectionTests() => _connection = new RedisConnection(_wire, _time, RespLimits.Default, TimeSpan.FromSeconds(1));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    [Fact]
    public async Task Many_commands_are_on_their_way_at_once_and_each_gets_its_reply()
    {
        var waiting = Enumerable.Range(0, 100).Select(number => _connection.SendAsync(new RedisCommand("ECHO").Add(number), Timeout, Cancel).AsTask()).ToList();

        waiting.ShouldAllBe(task => !task.IsCompleted);
        await _wire.AnswerAsync(string.Concat(Enumerable.Range(0, 100).Select(number => $":{number}\r\n")));

        (await Task.WhenAll(waiting)).Select(reply => reply.Number).ShouldBe(Enumerable.Range(0, 100).Select(number => (long)number));
    }

    [Fact]
    public async Task The_bytes_of_a_command_are_the_callers_again_at_once()
    {
        var bytes = "before"u8.ToArray();
        using var cancel = new CancellationTokenSource();
        var given = _connection.SendAsync(new RedisCommand("SET").Add(bytes), Timeout, cancel.Token).AsTask();
        bytes.AsSpan().Fill((byte)'x');
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(given);

        var next = _connection.SendAsync(new RedisCommand("PING"), Timeout, Cancel);
        await _wire.AnswerAsync("+OK\r\n+PONG\r\n");

        // The reply of the one that was given up is thrown away.
        (await next).Text.ShouldBe("PONG");
        _wire.Sent.ShouldBe("*2\r\n$3\r\nSET\r\n$6\r\nbefore\r\n*1\r\n$4\r\nPING\r\n");
    }

    [Fact]
    public async Task A_refusal_is_an_exception_and_the_connection_goes_on()
    {
        var refused = _connection.SendAsync(new RedisCommand("XADD"), Timeout, Cancel);
        var fine = _connection.SendAsync(new RedisCommand("PING"), Timeout, Cancel);
        await _wire.AnswerAsync("-OOM no more\r\n+PONG\r\n");

        (await Should.ThrowAsync<RedisServerException>(async () => await refused)).Is("OOM").ShouldBeTrue();
        (await fine).Text.ShouldBe("PONG");
        _connection.IsOpen.ShouldBeTrue();
    }

    [Fact]
    public async Task A_server_that_does_not_answer_in_time_fails_all_who_wait()
    {
        var first = _connection.SendAsync(new RedisCommand("PING"), Timeout, Cancel).AsTask();
        var second = _connection.SendAsync(new RedisCommand("PING"), Timeout, Cancel).AsTask();
        _time.Advance(TimeSpan.FromSeconds(9));
        first.IsCompleted.ShouldBeFalse();

        _time.Advance(TimeSpan.FromSeconds(2));

        (await Should.ThrowAsync<RedisConnectionException>(first)).Message.ShouldContain("did not answer in time");
        await Should.ThrowAsync<RedisConnectionException>(second);
        _connection.IsOpen.ShouldBeFalse();
        await Should.ThrowAsync<RedisConnectionException>(async () => await _connection.SendAsync(new RedisCommand("PING"), Timeout, Cancel));
    }

    [Fact]
    public async Task One_who_blocks_may_take_longer()
    {
        var blocked = _connection.SendAsync(new RedisCommand("XREAD"), Timeout + TimeSpan.FromSeconds(60), Cancel);
        _time.Advance(TimeSpan.FromSeconds(65));
        await _wire.AnswerAsync("*-1\r\n");

        (await blocked).IsNull.ShouldBeTrue();
    }

    [Fact]
    public async Task Whoever_finds_nobody_sending_does_not_send_for_others_without_end()
    {
        var (mine, others) = (Environment.CurrentManagedThreadId, 0);
        var last = new TaskCompletionSource();
        _wire.Wrote = () =>
        {
            others += Environment.CurrentManagedThreadId == mine ? 1 : 0;
            if (_wire.Writes == 1000)
            {
                last.TrySetResult();
            }
            else
            {
                // Somebody always comes while something is being sent.
                _ = _connection.SendAsync(new RedisCommand("PING"), Timeout, Cancel).AsTask();
            }
        };

        _ = _connection.SendAsync(new RedisCommand("PING"), Timeout, Cancel).AsTask();

        // What the others have sent is sent all the same, by another thread.
        Volatile.Read(ref others).ShouldBeLessThan(100);
        await last.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
    }

    [Theory]
    [InlineData("nonsense\r\n")]
    [InlineData("+one\r\n+two\r\n")]
    [InlineData(null)]
    public async Task A_connection_that_breaks_or_talks_nonsense_is_over(string? answer)
    {
        var first = _connection.SendAsync(new RedisCommand("PING"), Timeout, Cancel).AsTask();

        if (answer is null)
        {
            _wire.Close();
        }
        else
        {
            await _wire.AnswerAsync(answer);
        }

        await ((Task)first).WaitAsync(TimeSpan.FromSeconds(30), Cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        first.IsCompletedSuccessfully.ShouldBe(answer?.Contains("one", StringComparison.Ordinal) == true);
        await _wire.Closed.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        await Should.ThrowAsync<RedisConnectionException>(async () => await _connection.SendAsync(new RedisCommand("PING"), Timeout, Cancel));
    }

    /// <summary>Both ends of a connection.</summary>
    private sealed class Duplex : Stream
    {
        private readonly AnonymousPipeServerStream _answers = new(PipeDirection.Out);
        private readonly AnonymousPipeClientStream _read;
        private readonly MemoryStream _sent = new();
        private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Duplex() => _read = new AnonymousPipeClientStream(PipeDirection.In, _answers.ClientSafePipeHandle);

        public string Sent => Encoding.UTF8.GetString(_sent.ToArray());

        public int Writes { get; private set; }

        public Action? Wrote { get; set; }

        public Task Closed => _closed.Task;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public async Task AnswerAsync(string text) => await _answers.WriteAsync(Encoding.UTF8.GetBytes(text), Cancel);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _read.ReadAsync(buffer, cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Writes++;
            _sent.Write(buffer.Span);
            Wrote?.Invoke();
            return default;
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            _closed.TrySetResult();
            // A read of a pipe that is under way ends with its other end.
            _answers.Dispose();
            base.Dispose(disposing);
        }
    }
}
