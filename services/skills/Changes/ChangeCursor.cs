using System.Globalization;

namespace Mainstay.Skills.Changes;

/// <summary>A place among the changes: after one of them.</summary>
internal readonly record struct ChangeCursor(ulong TransactionId, long Id)
{
    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string text, out ChangeCursor cursor)
    {
        cursor = default;
        var parts = text.Split('.');
        if (parts.Length != 2
            || !ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var transactionId)
            || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return false;
        }

        cursor = new ChangeCursor(transactionId, id);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{TransactionId}.{Id}");
}
