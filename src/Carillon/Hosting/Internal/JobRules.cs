using Carillon.Jobs.Internal;

namespace Carillon.Hosting.Internal;

/// <summary>What can be wrong with jobs: one handler each, and no listeners.</summary>
internal static class JobRules
{
    internal static void Check(CarillonSetup setup, List<string> problems)
    {
        foreach (var listener in setup.Listeners)
        {
            if (JobHandlers.IsJob(listener.EventType))
            {
                problems.Add(
                    $"The listener '{listener.Id}' listens to the job '{listener.EventType}', but a job is pushed to its handler and reaches no listener. "
                    + "Make it the handler with [OnJob] or HandleJob, or take IJob away and dispatch it as an event.");
            }
        }

        foreach (var eventType in setup.EventTypes.Values)
        {
            if (JobHandlers.IsJob(eventType.Type) && setup.Jobs.Find(eventType.Type) is null)
            {
                problems.Add(
                    $"The job '{eventType.Name}' ({eventType.Type}) has no handler, so nobody could do it. Mark a method with [OnJob] in an assembly whose listeners are added, "
                    + $"or call HandleJob<{eventType.Type.Name}>(...) in AddCarillon.");
            }
        }
    }
}
