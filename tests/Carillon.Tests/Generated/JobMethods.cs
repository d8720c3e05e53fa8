namespace Carillon.Tests.Generated;

[Event("letter.send")]
public sealed record SendLetter(string To) : IJob, IUniqueEvent
{
    public string UniqueKey => To;
}

public sealed record CountLetters : IJob;

public sealed class PostOffice
{
    public List<string> Done { get; } = [];
}

public sealed class LetterJobs(PostOffice? post = null)
{
    [OnJob(Queue = "post", MaxAttempts = 2)]
    [Unique]
    public void Send(SendLetter job) => post?.Done.Add($"sent to {job.To}");

    [OnJob(Id = "letters.count")]
    public static Task<int> CountAsync(CountLetters job, PostOffice? post, CancellationToken cancellationToken)
    {
        post?.Done.Add("counted");
        return Task.FromResult(post?.Done.Count ?? 0);
    }
}
