using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Carillon;

/// <summary>Writes references to entities as ids. It is there without being asked for; generated JSON contexts name it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class EntityRefConverter : JsonConverterFactory
{
    /// <inheritdoc/>
    public override bool CanConvert(Type typeToConvert)
    {
        ArgumentNullException.ThrowIfNull(typeToConvert);
        return typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(EntityRef<>);
    }

    /// <inheritdoc/>
    // The struct knows its entity at compile time: asking an empty one works where no code can be made at run time.
    [UnconditionalSuppressMessage("Trimming", "IL2067", Justification = "It is a struct of which the default is wanted, and no constructor runs.")]
    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        ((IEntityRef)RuntimeHelpers.GetUninitializedObject(typeToConvert)).CreateConverter();

    internal sealed class Of<TEntity> : JsonConverter<EntityRef<TEntity>>
        where TEntity : class
    {
        public override bool HandleNull => true;

        public override EntityRef<TEntity> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.Null => default,
            JsonTokenType.Number when reader.TryGetInt64(out var number) => new EntityRef<TEntity>(number),
            JsonTokenType.String => ReadText(reader.GetString()!),
            _ => throw Refuse(),
        };

        public override void Write(Utf8JsonWriter writer, EntityRef<TEntity> value, JsonSerializerOptions options)
        {
            if (value.IsEmpty)
            {
                writer.WriteNullValue();
            }
            else if (value.IsNumber)
            {
                writer.WriteNumberValue(value.ToInt64());
            }
            else
            {
                writer.WriteStringValue(value.Id);
            }
        }

        public override EntityRef<TEntity> ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => ReadText(reader.GetString()!);

        public override void WriteAsPropertyName(Utf8JsonWriter writer, EntityRef<TEntity> value, JsonSerializerOptions options) =>
            writer.WritePropertyName(value.IsEmpty ? throw new JsonException($"A reference to no {typeof(TEntity).Name} cannot be the key of a dictionary.") : value.Id);

        private static EntityRef<TEntity> ReadText(string text) => text.Length == 0 ? throw Refuse() : new EntityRef<TEntity>(text);

        private static JsonException Refuse() => new($"A reference to a {typeof(TEntity).Name} is its id: a whole number, a string that is not empty, or null.");
    }
}
