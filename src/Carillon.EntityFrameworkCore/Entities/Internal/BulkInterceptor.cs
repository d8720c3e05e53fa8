using System.Linq.Expressions;
using Carillon.EntityFrameworkCore.Contexts.Internal;
using Carillon.EntityFrameworkCore.Diagnostics.Internal;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Query;

namespace Carillon.EntityFrameworkCore.Entities.Internal;

/// <summary>Warns where rows are changed past the change tracker although somebody wants to know of them. Called once for each query that is compiled.</summary>
internal sealed class BulkInterceptor(ContextWork work) : IQueryExpressionInterceptor
{
    public Expression QueryCompilationStarting(Expression queryExpression, QueryExpressionEventData eventData)
    {
        if (work.Scope is { Entities.IsEmpty: false } scope
            && queryExpression is MethodCallExpression { Method: var method }
            && method.Name is nameof(EntityFrameworkQueryableExtensions.ExecuteUpdate) or nameof(EntityFrameworkQueryableExtensions.ExecuteDelete)
            && RootFinder.Find(queryExpression) is { } entity
            && scope.Entities.Find(entity) is not null)
        {
            Log.BulkNotSeen(scope.Logger, method.Name, entity.Name);
        }

        return queryExpression;
    }

    private sealed class RootFinder : ExpressionVisitor
    {
        private Type? _entity;

        internal static Type? Find(Expression query)
        {
            var finder = new RootFinder();
            finder.Visit(query);
            return finder._entity;
        }

        // The first one is what the rows belong to; others stand in its conditions.
        protected override Expression VisitExtension(Expression node)
        {
            if (node is EntityQueryRootExpression root)
            {
                _entity ??= root.EntityType.ClrType;
                return node;
            }

            return node is QueryRootExpression ? node : base.VisitExtension(node);
        }
    }
}
