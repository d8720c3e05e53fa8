using Carillon.EntityFrameworkCore.Entities.Internal;
using Carillon.EntityFrameworkCore.Transactions.Internal;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Carillon.EntityFrameworkCore.Contexts.Internal;

/// <summary>Puts our services among those that EF Core has for each context. It has no settings, so that all contexts share one set of services.</summary>
/// <remarks>
/// Transactions are followed from inside, by a transaction class of our own, and not by interceptors: those hear neither of the names of savepoints nor of a transaction that is
/// disposed without a commit.
/// </remarks>
internal sealed class CarillonOptionsExtension : IDbContextOptionsExtension
{
    internal static readonly CarillonOptionsExtension Instance = new();

    private DbContextOptionsExtensionInfo? _info;

    public DbContextOptionsExtensionInfo Info => _info ??= new ExtensionInfo(this);

    public void ApplyServices(IServiceCollection services)
    {
        services.AddScoped<ContextWork>();
        services.AddScoped<IResettableService>(static provider => provider.GetRequiredService<ContextWork>());
        services.AddScoped<IInterceptor, SaveInterceptor>();
        services.AddScoped<IInterceptor, CommandInterceptor>();
        services.AddScoped<IInterceptor, BulkInterceptor>();
        services.Replace(ServiceDescriptor.Singleton<IRelationalTransactionFactory, FollowedTransactionFactory>());
    }

    public void Validate(IDbContextOptions options)
    {
    }

    private sealed class ExtensionInfo(IDbContextOptionsExtension extension) : DbContextOptionsExtensionInfo(extension)
    {
        public override bool IsDatabaseProvider => false;

        public override string LogFragment => "using Carillon ";

        public override int GetServiceProviderHashCode() => 0;

        public override bool ShouldUseSameServiceProvider(DbContextOptionsExtensionInfo other) => other is ExtensionInfo;

        public override void PopulateDebugInfo(IDictionary<string, string> debugInfo) => debugInfo["Carillon"] = "1";
    }
}
