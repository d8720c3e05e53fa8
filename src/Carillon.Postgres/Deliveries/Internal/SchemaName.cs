namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>
/// The name of the store's schema, which becomes part of every statement: plain enough that it needs no quotes and no escaping, whoever prints it.
/// </summary>
internal static class SchemaName
{
    private const int MaxLength = 40;

    /// <exception cref="CarillonConfigurationException">It is not plain.</exception>
    internal static string Check(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var isPlain = name.Length is > 0 and <= MaxLength
            && (char.IsAsciiLetterLower(name[0]) || name[0] == '_')
            && name.All(static letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '_')
            && !name.StartsWith("pg_", StringComparison.Ordinal);
        return isPlain
            ? name
            : throw new CarillonConfigurationException(
                $"The schema of the delivery tables cannot be called '{name}': PostgresOptions.Schema takes lower-case letters, digits and underscores, "
                + $"{MaxLength} at the most, a letter or an underscore first, and not pg_, which is PostgreSQL's own.");
    }

    /// <summary>A statement, with the schema in the places that are left for it.</summary>
    internal static string Fill(string statement, string schema) => statement.Replace("{schema}", $"\"{schema}\"", StringComparison.Ordinal);
}
