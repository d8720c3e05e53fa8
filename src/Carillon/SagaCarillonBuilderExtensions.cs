using Carillon.Hosting.Internal;
using Carillon.Listeners;
using Carillon.Sagas;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon;

/// <summary>Processes that take several events. Their classes are found with the listeners of their assembly.</summary>
public static class SagaCarillonBuilderExtensions
{
    /// <summary>Changes what holds for all sagas.</summary>
    /// <param name="carillon">The builder of the application.</param>
    /// <param name="configure">How long they are kept.</param>
    public static CarillonBuilder ConfigureSagas(this CarillonBuilder carillon, Action<SagaOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(carillon);
        CarillonServices.AddEngine(carillon.Services, carillon.Setup);
        carillon.Services.Configure(configure);
        return carillon;
    }

    /// <summary>Adds a method of a saga. The same one added twice is one. Generated code calls this.</summary>
    /// <param name="carillon">The builder of the application.</param>
    /// <param name="listener">The method as a listener; durable, transactional, and with its context.</param>
    /// <param name="step">What it does with the saga.</param>
    public static CarillonBuilder AddSagaStep(this CarillonBuilder carillon, Listener listener, SagaStep step)
    {
        ArgumentNullException.ThrowIfNull(carillon);
        ArgumentNullException.ThrowIfNull(listener);
        ArgumentNullException.ThrowIfNull(step);
        CarillonServices.AddEngine(carillon.Services, carillon.Setup);
        carillon.Setup.AddSagaStep(listener, step);
        return carillon;
    }
}
