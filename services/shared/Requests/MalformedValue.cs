using System.Collections;
using System.Collections.Concurrent;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Mainstay.ServiceDefaults.Requests;

/// <summary>
/// A value of a well-known type that its definition (google/protobuf/timestamp.proto, duration.proto, struct.proto) does not allow. Protobuf's decoder lets such
/// values pass; what converts or prints them fails.
/// </summary>
/// <param name="Field">Where it stands in the message, named as in its proto.</param>
/// <param name="Problem">What it must be.</param>
internal sealed record MalformedValue(string Field, string Problem)
{
    private const long EarliestSeconds = -62_135_596_800;
    private const long LatestSeconds = 253_402_300_799;
    private const long LongestSeconds = 315_576_000_000;
    private const int MostNanos = 999_999_999;

    // The fields of a message type behind which such values can stand; most requests have none.
    private static readonly ConcurrentDictionary<MessageDescriptor, FieldDescriptor[]> Suspects = new();

    /// <summary>The first one in a message; null when there is none.</summary>
    public static MalformedValue? Find(IMessage message) => Find(message, "");

    private static MalformedValue? Find(IMessage message, string path) => message switch
    {
        Timestamp time => IsWithin(time.Seconds, EarliestSeconds, LatestSeconds) && IsWithin(time.Nanos, 0, MostNanos)
            ? null
            : new(path, "must be a time from 0001-01-01 to 9999-12-31, with 0 to 999999999 nanoseconds"),
        Duration span => IsWithin(span.Seconds, -LongestSeconds, LongestSeconds) && IsWithin(span.Nanos, -MostNanos, MostNanos) && span.Seconds * (long)Math.Sign(span.Nanos) >= 0
            ? null
            : new(path, "must be a duration of at most 10000 years, its nanoseconds below a second and of the same sign"),
        Struct fields => First(fields.Fields, field => Find(field.Value, $"{path}.{field.Key}")),
        Value value => FindIn(value, path),
        _ => First(Suspects.GetOrAdd(message.Descriptor, SuspectsOf), field => FindIn(field, field.Accessor.GetValue(message), path.Length == 0 ? field.Name : $"{path}.{field.Name}")),
    };

    private static MalformedValue? FindIn(Value value, string path) => value.KindCase switch
    {
        Value.KindOneofCase.StructValue => Find(value.StructValue, path),
        Value.KindOneofCase.ListValue => First(value.ListValue.Values.Index(), item => Find(item.Item, $"{path}[{item.Index}]")),
        Value.KindOneofCase.NumberValue when !double.IsFinite(value.NumberValue) => new(path, "must be a finite number"),
        Value.KindOneofCase.None => new(path, "must have a value; null is null_value"),
        _ => null,
    };

    private static MalformedValue? FindIn(FieldDescriptor field, object? value, string path) => value switch
    {
        IMessage message => Find(message, path),
        IDictionary map => First(map.Keys.Cast<object>(), key => map[key] is IMessage item ? Find(item, $"{path}[{key}]") : null),
        IEnumerable items when field.IsRepeated => First(items.Cast<IMessage>().Index(), item => Find(item.Item, $"{path}[{item.Index}]")),
        _ => null,
    };

    private static MalformedValue? First<T>(IEnumerable<T> items, Func<T, MalformedValue?> find) => items.Select(find).FirstOrDefault(found => found is not null);

    private static FieldDescriptor[] SuspectsOf(MessageDescriptor type) => [.. type.Fields.InDeclarationOrder().Where(field => IsSuspect(field, []))];

    private static bool IsSuspect(FieldDescriptor field, HashSet<MessageDescriptor> seen) =>
        field.FieldType == FieldType.Message && IsSuspect(field.MessageType, seen);

    private static bool IsSuspect(MessageDescriptor type, HashSet<MessageDescriptor> seen) =>
        type == Timestamp.Descriptor || type == Duration.Descriptor || type == Struct.Descriptor || type == Value.Descriptor || type == ListValue.Descriptor
        || (seen.Add(type) && type.Fields.InDeclarationOrder().Any(field => IsSuspect(field, seen)));

    private static bool IsWithin(long value, long least, long most) => value >= least && value <= most;
}
