using System.Diagnostics.CodeAnalysis;
using Carillon.Middleware.Internal;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Hosting.Internal;

/// <summary>Finds middleware that the container could not make, or would keep beyond the scope that it belongs to.</summary>
internal sealed class MiddlewareRule(CarillonSetup setup, MiddlewareSetup middleware, IServiceProvider services)
{
    internal void Check(List<string> problems)
    {
        if (services.GetService<IServiceProviderIsService>() is not { } registered)
        {
            return;
        }

        foreach (var (service, problem) in middleware.Needed)
        {
            if (!registered.IsService(service))
            {
                problems.Add(problem);
            }
        }

        var constructors = new ConstructorRule(setup, registered);
        foreach (var type in middleware.AroundDispatch.Concat(middleware.AroundListeners).Select(each => each.Service).OfType<Type>().Distinct())
        {
            if (FindDescriptor(type) is { ImplementationType: { } implementation } descriptor)
            {
                Check(constructors, descriptor.Lifetime, implementation, problems);
            }
        }
    }

    private void Check(
        ConstructorRule rule,
        ServiceLifetime lifetime,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type implementation,
        List<string> problems)
    {
        var constructors = implementation.GetConstructors();
        if (rule.FindMissing(constructors) is { } missing)
        {
            problems.Add(
                $"The constructor of the middleware '{implementation}' needs '{missing.ParameterType}' for '{missing.Name}', which is not registered. "
                + "Add it to the services, or give the parameter a default value.");
        }
        else if (lifetime == ServiceLifetime.Singleton
            && constructors.SelectMany(constructor => constructor.GetParameters()).FirstOrDefault(parameter => IsScoped(parameter.ParameterType)) is { } scoped)
        {
            problems.Add(
                $"The middleware '{implementation}' is a singleton, but its constructor takes '{scoped.ParameterType}', which belongs to a scope. "
                + $"Register the middleware as scoped: services.AddScoped<{implementation.Name}>().");
        }
    }

    private bool IsScoped(Type service) => FindDescriptor(service) is { Lifetime: ServiceLifetime.Scoped };

    private ServiceDescriptor? FindDescriptor(Type service) =>
        setup.Services.LastOrDefault(descriptor => !descriptor.IsKeyedService && descriptor.ServiceType == service);
}
