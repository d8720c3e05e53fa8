using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Carillon.Hosting.Internal;
using Carillon.Jobs;
using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon;

/// <summary>Handlers of jobs. Each type of job has exactly one.</summary>
public static class JobCarillonBuilderExtensions
{
    /// <summary>Adds the handler of a job that is a class of its own.</summary>
    /// <typeparam name="THandler">The class; added to the services as scoped, unless it is there already.</typeparam>
    /// <typeparam name="TJob">The job it takes.</typeparam>
    /// <param name="carillon">The builder of the application.</param>
    /// <param name="configure">Its queue, its attempts, its id (by default the name of the class).</param>
    public static CarillonBuilder AddJobHandler<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler, TJob>(
        this CarillonBuilder carillon, Action<JobOptions>? configure = null)
        where THandler : class, IJobHandler<TJob>
        where TJob : IJob
    {
        ArgumentNullException.ThrowIfNull(carillon);
        carillon.AddListenerClass(typeof(THandler), ServiceLifetime.Scoped);
        var options = OptionsOf(configure).ToListenOptions(typeof(THandler).Name);
        return carillon.AddJobHandler(new Listener(
            options.Id!,
            typeof(TJob),
            static (object job, in ListenerCall call) => call.Services.GetRequiredService<THandler>().HandleAsync((TJob)job, call.CancellationToken),
            options)
        {
            Dependencies = [new ListenerDependency(typeof(THandler))],
        });
    }

    /// <summary>Adds a lambda as the handler of a job.</summary>
    /// <param name="carillon">The builder of the application.</param>
    /// <param name="handler">Called with each job of exactly this type; what it returns is awaited.</param>
    /// <param name="configure">Its queue, its attempts, its id (by default the name of the job).</param>
    public static CarillonBuilder HandleJob<TJob>(this CarillonBuilder carillon, Func<TJob, CancellationToken, Task> handler, Action<JobOptions>? configure = null)
        where TJob : IJob =>
        Add<TJob>(carillon, LambdaListener.Adapt(handler), configure);

    /// <inheritdoc cref="HandleJob{TJob}(CarillonBuilder, Func{TJob, CancellationToken, Task}, Action{JobOptions})"/>
    public static CarillonBuilder HandleJob<TJob>(this CarillonBuilder carillon, Func<TJob, EventContext, CancellationToken, Task> handler, Action<JobOptions>? configure = null)
        where TJob : IJob =>
        Add<TJob>(carillon, LambdaListener.Adapt(handler), configure);

    /// <inheritdoc cref="HandleJob{TJob}(CarillonBuilder, Func{TJob, CancellationToken, Task}, Action{JobOptions})"/>
    [OverloadResolutionPriority(-1)]
    public static CarillonBuilder HandleJob<TJob>(this CarillonBuilder carillon, Action<TJob> handler, Action<JobOptions>? configure = null)
        where TJob : IJob =>
        Add<TJob>(carillon, LambdaListener.Adapt(handler), configure);

    /// <summary>Adds the handler of a job. The same one added twice, by the generated code and by hand, is one handler. Generated code calls this.</summary>
    /// <param name="carillon">The builder of the application.</param>
    /// <param name="handler">The handler; durable, and its event type is the job.</param>
    public static CarillonBuilder AddJobHandler(this CarillonBuilder carillon, Listener handler)
    {
        ArgumentNullException.ThrowIfNull(carillon);
        ArgumentNullException.ThrowIfNull(handler);
        CarillonServices.AddEngine(carillon.Services, carillon.Setup);
        carillon.Setup.AddEventType(handler.EventType);
        carillon.Setup.AddJobHandler(handler);
        return carillon;
    }

    private static CarillonBuilder Add<TJob>(CarillonBuilder carillon, LambdaListener lambda, Action<JobOptions>? configure)
        where TJob : IJob
    {
        ArgumentNullException.ThrowIfNull(carillon);
        return carillon.AddJobHandler(lambda.ToListener(typeof(TJob), OptionsOf(configure).ToListenOptions(carillon.Setup.EventTypeOf(typeof(TJob)).Name)));
    }

    private static JobOptions OptionsOf(Action<JobOptions>? configure)
    {
        var options = new JobOptions();
        configure?.Invoke(options);
        return options;
    }
}
