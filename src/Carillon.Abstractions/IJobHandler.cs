namespace Carillon;

/// <summary>The handler of a job as a class of its own, for those who prefer a type to a method with <see cref="OnJobAttribute"/>.</summary>
/// <typeparam name="TJob">The job it takes, exactly.</typeparam>
public interface IJobHandler<in TJob>
    where TJob : IJob
{
    /// <summary>Does the job. If it throws, the job is tried again.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Cancelled when the job takes longer than its time-out, when somebody cancels it, and when the worker has to stop.</param>
    ValueTask HandleAsync(TJob job, CancellationToken cancellationToken);
}
