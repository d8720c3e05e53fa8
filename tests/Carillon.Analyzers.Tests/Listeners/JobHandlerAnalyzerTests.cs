namespace Carillon.Analyzers.Tests.Listeners;

public sealed class JobHandlerAnalyzerTests
{
    private const string Types = """
        using Carillon;

        internal interface ILetterJob : IJob;
        internal sealed record SendLetter(string To) : ILetterJob;
        internal sealed record BurnLetter(string To) : IJob;
        internal sealed record LetterSent(string To);


        """;

    [Theory]
    [InlineData("LetterSent job", "'LetterSent', which is no job")]
    [InlineData("object job", "'object', which is no job")]
    [InlineData("ILetterJob job", "'ILetterJob', and no job is of exactly this type")]
    [InlineData("IJob job", "'Carillon.IJob', and no job is of exactly this type")]
    public async Task CARILLON030_a_handler_of_something_else(string parameter, string what) =>
        (await FindAsync($"[OnJob] public void On({parameter}) {{ }}")).ShouldHaveSingleItem()
            .ShouldBe($"CARILLON030 at On: 'Jobs.On' has [OnJob] and takes {what}. Take a class or struct that implements IJob, or listen to an event with [OnEvent].");

    [Theory]
    [InlineData("SendLetter job")]
    [InlineData("ILetterJob job")]
    [InlineData("IJob job")]
    public async Task CARILLON031_a_listener_of_jobs(string parameter) =>
        (await FindAsync($"[OnEvent] public void On({parameter}) {{ }}")).ShouldHaveSingleItem().ShouldStartWith("CARILLON031 at On: 'Jobs.On' has [OnEvent] and takes the job ");

    [Fact]
    public async Task CARILLON032_every_way_to_dispatch_a_job() =>
        (await FindAsync("""
            public async Task Do(IEventDispatcher events, IEventBus bus)
            {
                await events.DispatchAsync(new SendLetter("Ada"));
                await bus.PublishAsync(new SendLetter("Ada"));
                await bus.DispatchObjectAsync(new SendLetter("Ada"));
            }
            """)).Select(finding => finding[..finding.IndexOf(':', StringComparison.Ordinal)])
            .ShouldBe(["CARILLON032 at DispatchAsync", "CARILLON032 at PublishAsync", "CARILLON032 at DispatchObjectAsync"]);

    [Fact]
    public async Task CARILLON033_two_handlers_of_one_job() =>
        (await FindAsync("[OnJob] public void One(SendLetter job) { } [OnJob] public void Other(SendLetter job) { } [OnJob] public void Third(BurnLetter job) { }"))
            .Order().First().ShouldBe(
                "CARILLON033 at One: 'Jobs.One(SendLetter)' handles the job 'SendLetter', and 'Jobs.Other(SendLetter)' does so too, but a job is done once. "
                + "Take one of them away, or make it an event, which has any number of listeners.");

    [Theory]
    [InlineData("[OnJob] private void On(SendLetter job) { }", "CARILLON001")]
    [InlineData("[OnJob] public void On() { }", "CARILLON002")]
    [InlineData("[OnJob] public async void On(SendLetter job) => await Task.Yield();", "CARILLON004")]
    [InlineData("[OnJob(Id = \"\")] public void On(SendLetter job) { }", "CARILLON010")]
    [InlineData("[OnJob(Ordered = true, MaxPerKey = 2)] public void On(SendLetter job) { }", "CARILLON021")]
    public async Task What_no_listener_may_be_no_handler_may_be(string member, string id) =>
        (await FindAsync(member)).ShouldHaveSingleItem().ShouldStartWith(id);

    [Theory]
    [InlineData("[OnJob] public void On(SendLetter job) { }")]
    [InlineData("[OnJob(Queue = \"mail\", MaxAttempts = 3)] [Unique] public Task On(SendLetter job, CancellationToken token) => Task.CompletedTask;")]
    [InlineData("[OnJob] public void One(SendLetter job) { } [OnJob] public void Other(BurnLetter job) { }")]
    [InlineData("[OnEvent] public void On(LetterSent e) { }")]
    public async Task Nothing_is_said_of_what_works_and_a_job_need_not_be_named_after_what_has_happened(string member) =>
        (await FindAsync(member)).ShouldBeEmpty();

    private static Task<string[]> FindAsync(string member) => AnalyzerTest.FindAsync($"{Types}internal sealed class Jobs {{ {member} }}");
}
