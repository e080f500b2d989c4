using System.Text;

namespace Mainstay.Audit.Sinks.Amqp;

/// <summary>The routing key of an event, <c>&lt;service&gt;.&lt;action&gt;.&lt;result&gt;</c>, no longer than AMQP allows: where it would be, each word is cut to 84 bytes.</summary>
internal static class RoutingKey
{
    private const int MostBytes = 255;
    private const int MostWordBytes = (MostBytes - 2) / 3;

    /// <summary>The routing key of an event, with what would act as an escape.</summary>
    public static string Of(OutgoingEvent outgoing)
    {
        string[] words = [VisibleText.Of(outgoing.Text("service")), VisibleText.Of(outgoing.Text("action")), VisibleText.Of(outgoing.Text("result"))];
        var key = string.Join('.', words);
        return Encoding.UTF8.GetByteCount(key) <= MostBytes ? key : string.Join('.', words.Select(Cut));
    }

    private static string Cut(string word)
    {
        var bytes = Encoding.UTF8.GetBytes(word);
        var length = Math.Min(bytes.Length, MostWordBytes);

        // Never in the middle of a character.
        while (length < bytes.Length && (bytes[length] & 0b1100_0000) == 0b1000_0000)
        {
            length--;
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }
}
