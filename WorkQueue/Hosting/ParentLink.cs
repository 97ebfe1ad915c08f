using System.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace Keda.Inference.WorkQueue;

/// <summary>
/// Ends this process when its parent does, however that ended: a parent that sets <c>ExitWithParent=true</c> keeps the other end
/// of the standard input, which closes with it.
/// </summary>
public static class ParentLink
{
    /// <summary>The configuration key.</summary>
    public const string Key = "ExitWithParent";

    /// <summary>Watches the parent if it is wanted.</summary>
    /// <param name="configuration">Where <see cref="Key"/> is looked up.</param>
    /// <param name="ended">Ends this process in an orderly way; null kills it at once.</param>
    public static void Watch(IConfiguration configuration, Action? ended = null)
    {
        if (!bool.TryParse(configuration[Key], out var wanted) || !wanted)
            return;
        var watch = new Thread(() =>
        {
            using var input = Console.OpenStandardInput();
            var buffer = new byte[64];
            while (input.Read(buffer) > 0)
            {
                // nothing is ever sent
            }

            // Nobody is left to answer to; what is claimed comes back by its lease.
            if (ended is null)
                Process.GetCurrentProcess().Kill();
            else
                ended();
        })
        { IsBackground = true, Name = "parent link" };
        watch.Start();
    }
}
