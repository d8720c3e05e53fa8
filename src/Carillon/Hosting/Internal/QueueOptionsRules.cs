using Carillon.Deliveries.Internal;
using Carillon.Listeners.Internal;
using Microsoft.Extensions.Options;

namespace Carillon.Hosting.Internal;

/// <summary>What can be said of a queue; the name of the options is that of the queue.</summary>
internal sealed class QueueOptionsRules(IOptions<WorkerOptions> worker, QueueNames configured) : IValidateOptions<QueueOptions>
{
    public ValidateOptionsResult Validate(string? name, QueueOptions options)
    {
        var faults = new ValidateOptionsResultBuilder();
        // What a listener names is the listener's fault, and told with it.
        if (configured.All.Contains(name) && DurableWords.QueueFault(name) is { } fault)
        {
            faults.AddError($"A call of ConfigureQueue {fault}");
        }

        if (options.MaxConcurrency < 1)
        {
            faults.AddError($"QueueOptions.MaxConcurrency of '{name}' is {options.MaxConcurrency}; at least 1 listener has to run. To run none in this process, leave the queue out of WorkerOptions.Queues.");
        }

        if (options.Limit < 0)
        {
            faults.AddError($"QueueOptions.Limit of '{name}' is {options.Limit}; it is at least 1, or 0 for any number.");
        }

        WorkerOptionsRules.CheckLease($"QueueOptions.LeaseDuration of '{name}'", options.LeaseDuration ?? worker.Value.LeaseDuration, faults);
        WorkerOptionsRules.CheckKept($"QueueOptions.KeepCompleted of '{name}'", options.KeepCompleted, faults);
        return faults.Build();
    }
}
