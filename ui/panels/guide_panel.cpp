// SPDX-License-Identifier: GPL-3.0-or-later
// GuidePanel: the texts.
#include "ui/panels/guide_panel.h"

#include "ui/theme/text.h"

namespace interleave::ui {

namespace {

QString ganttText() {
    return tr(
        "<p><b>What it shows.</b> Time runs from left to right. A row is a task, a worker or a "
        "core "
        "(<i>View › Rows</i>). Colour, height and hatch say in which state it was; the taller a "
        "bar, "
        "the more of the machine it used.</p>"
        "<p><b>What to look for.</b> How many tall bars lie above each other at one time: that "
        "many "
        "tasks ran in parallel. Low bars that overlap: waits that cost nothing more. Steps like a "
        "staircase: tasks that wait for each other, for a lock, or for the one thread that serves "
        "them all. Gaps at the end of some rows: work that was not shared out evenly.</p>");
}

QString utilisationText() {
    return tr(
        "<p><b>What it shows.</b> A strip for each core: what ran on it, other programs in grey, "
        "idle "
        "left blank. Below: how many threads ran or waited for a core, switches a second, memory "
        "of "
        "each process.</p>"
        "<p><b>What to look for.</b> Idle cores beside waiting tasks: something other than the "
        "processor is the limit. Pre-empted switches: more runnable threads than cores. One full "
        "core and the rest idle: a single thread, or an interpreter lock. Memory that grows with "
        "the "
        "workers: the price of processes.</p>");
}

QString contentionText() {
    return tr("<p><b>What it shows.</b> For each lock: a strip of who holds it, under it who "
              "waits, how many "
              "wait, and how long it took to pass from one to the next. Forced hand-overs are "
              "marked: the "
              "waiter asked for the lock after the switch interval had passed.</p>"
              "<p><b>What to look for.</b> A strip without gaps: everything goes through this "
              "lock, and it "
              "sets the makespan. Long waits for short holds: a convoy. A lock that is held by "
              "somebody who "
              "is not on a core: every waiter waits for the kernel as well.</p>");
}

QString topologyText() {
    return tr(
        "<p><b>What it shows.</b> The broker of a run at one moment: who publishes, the exchanges, "
        "the binding keys by which queues get their messages, the queues, and who consumes. Dots "
        "in a queue are ready, squares at a consumer are delivered and not yet acknowledged. "
        "Hollow rings on a line moved a moment ago. Play lets the moment run; drag in the curve "
        "below to choose one.</p>"
        "<p><b>What to look for.</b> A queue that grows: its consumers are too slow or too few. A "
        "consumer that holds many while another has none: its prefetch is too large. A dot with a "
        "ring around it was delivered before: its consumer was lost, and the work is done again. "
        "The line at the top accounts for every message; a cross is one that was lost.</p>");
}

QString kitchenText() {
    return tr(
        "<p><b>What it shows.</b> The run at one moment, as a kitchen. A process is a kitchen, a "
        "worker a chef, a task a dish with its number. The interpreter lock is the one knife of a "
        "kitchen: who has it in hand may cut, the others wait. A wait for the network, a disk or a "
        "timer is time in the oven or on the shelf, where a dish needs no chef. Orders that nobody "
        "has taken hang on the rail; a dish with a dashed line was taken from a colleague's "
        "board.</p>"
        "<p><b>What to look for.</b> How many chefs cook at once. Chefs with a knife in their "
        "thoughts: more hands don't help, there is one knife. A full oven and a single chef: an "
        "event loop. Many kitchens with a knife each: processes, which cost the rent of a kitchen "
        "each. <b>Where the picture ends.</b> A chef here never cooks without a core: one who "
        "could but finds no free stove stands with folded arms.</p>");
}

QString compareText() {
    return tr(
        "<p><b>What it shows.</b> The runs of the list side by side: the same scenario under "
        "several models. A bar is as long as the total time; of repeated runs it is the median, "
        "and "
        "the whisker goes from the shortest run to the longest. Dashed lines are what theory "
        "allows "
        "for this work. Below: where the time went, the parts of a bar adding up to it, and the "
        "runs themselves on one time scale that begins at zero for each.</p>"
        "<p><b>What to look for.</b> Not only which is shortest: look at what was spent for it in "
        "processor time, memory and switches. How far is a bar from the lines of theory, and which "
        "part of the waterfall is the difference? Where whiskers overlap, neither model has won. A "
        "model that is much faster on waits may be no faster on computing. Runs of different "
        "scenarios are not comparable and are shown apart.</p>");
}

} // namespace

QString titleOf(ViewKind view) {
    switch (view) {
    case ViewKind::Gantt:
        return tr("Gantt");
    case ViewKind::Utilisation:
        return tr("CPU utilisation");
    case ViewKind::Contention:
        return tr("Contention");
    case ViewKind::Topology:
        return tr("Topology");
    case ViewKind::Kitchen:
        return tr("Kitchen");
    case ViewKind::Compare:
        break;
    }
    return tr("Compare");
}

QString nameOf(ViewKind view) {
    switch (view) {
    case ViewKind::Gantt:
        return QStringLiteral("gantt");
    case ViewKind::Utilisation:
        return QStringLiteral("utilisation");
    case ViewKind::Contention:
        return QStringLiteral("contention");
    case ViewKind::Topology:
        return QStringLiteral("topology");
    case ViewKind::Kitchen:
        return QStringLiteral("kitchen");
    case ViewKind::Compare:
        break;
    }
    return QStringLiteral("compare");
}

GuidePanel::GuidePanel(QWidget* parent)
    : QTextBrowser(parent) {
    setFrameShape(QFrame::NoFrame);
    setOpenLinks(false);
    document()->setDocumentMargin(10);
    setAccessibleName(tr("What this view shows"));
    setView(ViewKind::Gantt);
}

void GuidePanel::setView(ViewKind view) {
    switch (view) {
    case ViewKind::Gantt:
        setHtml(ganttText());
        break;
    case ViewKind::Utilisation:
        setHtml(utilisationText());
        break;
    case ViewKind::Contention:
        setHtml(contentionText());
        break;
    case ViewKind::Compare:
        setHtml(compareText());
        break;
    case ViewKind::Topology:
        setHtml(topologyText());
        break;
    case ViewKind::Kitchen:
        setHtml(kitchenText());
        break;
    }
}

} // namespace interleave::ui
