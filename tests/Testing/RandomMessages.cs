using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Mainstay.Testing;

/// <summary>Messages with anything in them that their types allow, and now and then one of the texts that are given; the same for the same seed.</summary>
public sealed class RandomMessages(int seed, params string[] often)
{
    private const int Deepest = 4;
    private static readonly string[] Texts = ["", "a", "default", "hostile", "\0", "' or 1=1 --", "${x}", "é\u200b🦀", new('x', 1001), new('ä', 20_000)];
    private static readonly double[] Fractions = [0, -1.5, 60, double.NaN, double.PositiveInfinity, double.MaxValue];
    private static readonly long[] Numbers = [0, 1, -1, 2, 60, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue];

    private readonly Random random = new(seed);
    private readonly string[] texts = [.. Texts, .. often];

    /// <summary>A random message of a type.</summary>
    public IMessage Next(MessageDescriptor type) => Next(type, 0);

    private IMessage Next(MessageDescriptor type, int depth)
    {
        var message = type.Parser.ParseFrom(ByteString.Empty);
        foreach (var field in type.Fields.InDeclarationOrder().Where(_ => random.Next(10) < (depth == 0 ? 8 : 5)))
        {
            if (depth < Deepest || field.FieldType is not (FieldType.Message or FieldType.Group))
            {
                Set(message, field, depth);
            }
        }

        return message;
    }

    private void Set(IMessage message, FieldDescriptor field, int depth)
    {
        if (field.IsMap)
        {
            var map = (IDictionary)field.Accessor.GetValue(message);
            map[Value(field.MessageType.FindFieldByNumber(1), depth + 1)] = Value(field.MessageType.FindFieldByNumber(2), depth + 1);
        }
        else if (field.IsRepeated)
        {
            var list = (IList)field.Accessor.GetValue(message);
            for (var i = random.Next(3); i >= 0; i--)
            {
                list.Add(Value(field, depth + 1));
            }
        }
        else
        {
            field.Accessor.SetValue(message, Value(field, depth + 1));
        }
    }

    private object Value(FieldDescriptor field, int depth) => field.FieldType switch
    {
        FieldType.Message or FieldType.Group => Next(field.MessageType, depth),
        FieldType.String => texts[random.Next(texts.Length)],
        FieldType.Bytes => ByteString.CopyFrom(Bytes()),
        FieldType.Bool => random.Next(2) == 0,
        FieldType.Double => Fractions[random.Next(Fractions.Length)],
        FieldType.Float => (float)Fractions[random.Next(Fractions.Length)],
        FieldType.Enum => Enum.ToObject(field.EnumType.ClrType, random.Next(-1, field.EnumType.Values.Count + 2)),
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => unchecked((int)Numbers[random.Next(Numbers.Length)]),
        FieldType.UInt32 or FieldType.Fixed32 => unchecked((uint)Numbers[random.Next(Numbers.Length)]),
        FieldType.UInt64 or FieldType.Fixed64 => unchecked((ulong)Numbers[random.Next(Numbers.Length)]),
        _ => Numbers[random.Next(Numbers.Length)],
    };

    private byte[] Bytes()
    {
        var bytes = new byte[random.Next(12)];
        random.NextBytes(bytes);
        return bytes;
    }
}
