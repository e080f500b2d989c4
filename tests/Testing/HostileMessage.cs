using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Mainstay.Testing;

/// <summary>Messages of any type, full of what a hostile or broken caller sends.</summary>
public sealed class HostileMessage(Random random)
{
    private const int MostDepth = 6;

    private static readonly string[] Texts =
    [
        "", " ", "demo", "1.2.3", "*", "\0", "a\0b", "\u202e\u200b\r\n\u001b[31m", "😀", "'; drop table audit_event; --", "../../etc/passwd", "{{#each x}}", "{\"$ref\":\"#\"}", "%s%n", "evt_01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "00000000-0000-0000-0000-000000000000", "-1", "99999999999999999999", new('x', 600), new('ä', 20_000), "(((((((((a+)+)+)+)+)+)+)+)+$",
    ];

    /// <summary>A message of a type.</summary>
    public IMessage Of(MessageDescriptor type) => Of(type, 0);

    private IMessage Of(MessageDescriptor type, int depth)
    {
        var message = type.Parser.ParseFrom(ByteString.Empty);
        foreach (var field in type.Fields.InDeclarationOrder().Where(_ => random.Next(4) > 0))
        {
            Fill(message, field, depth);
        }

        return message;
    }

    private void Fill(IMessage message, FieldDescriptor field, int depth)
    {
        if (field.FieldType == FieldType.Message && depth >= MostDepth)
        {
            return;
        }

        if (field.IsMap)
        {
            var entry = field.MessageType;
            ((IDictionary)field.Accessor.GetValue(message))[Value(entry.FindFieldByNumber(1), depth)] = Value(entry.FindFieldByNumber(2), depth);
        }
        else if (field.IsRepeated)
        {
            var list = (IList)field.Accessor.GetValue(message);
            for (var count = random.Next(4); count > 0; count--)
            {
                list.Add(Value(field, depth));
            }
        }
        else
        {
            field.Accessor.SetValue(message, Value(field, depth));
        }
    }

    private object Value(FieldDescriptor field, int depth) => field.FieldType switch
    {
        FieldType.Message => Of(field.MessageType, depth + 1),
        FieldType.String => Pick(Texts),
        FieldType.Bytes => ByteString.CopyFrom(new byte[random.Next(64)]),
        FieldType.Bool => random.Next(2) == 0,
        FieldType.Double => Pick(0.0, -1.5, double.NaN, double.PositiveInfinity, double.MaxValue),
        FieldType.Int64 => Pick(0L, 1, -1, long.MinValue, long.MaxValue, 253_402_300_800),
        FieldType.Int32 => Pick(0, 1, -1, int.MinValue, int.MaxValue, 1_000_000_000),
        FieldType.Enum => Enum.ToObject(field.EnumType.ClrType, Pick(0, 1, 2, 3, 999)),
        var other => throw new NotSupportedException($"No hostile values are known for {field.FullName}, a {other}."),
    };

    private T Pick<T>(params T[] values) => values[random.Next(values.Length)];
}
