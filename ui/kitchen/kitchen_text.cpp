// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kitchen/kitchen_text.h"

#include "ui/theme/text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include <algorithm>

namespace interleave::ui {

using analysis::Chef;
using analysis::ChefAtWork;
using analysis::Dish;
using analysis::DishPlace;
using analysis::Kitchen;
using analysis::KitchenMoment;
using analysis::kNoChef;

namespace {

QString number(std::uint64_t value) {
    return QLocale().toString(static_cast<qulonglong>(value));
}

QString duration(Nanoseconds ns) {
    return ns == 0 ? QStringLiteral("0") : durationText(ns);
}

QString fromView(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QString dishName(const recording::Recording& recording, TaskId dish) {
    return dish.isNone() || dish.value > recording.tasks.size()
               ? tr("something")
               : QString::fromStdString(recording.task(dish).name);
}

/// What a chef or a dish that is in hand is kept from, in a sentence.
QString reasonOf(State state) {
    switch (state) {
    case State::Running:
        return tr("is cooked: it runs on a core");
    case State::Ready:
        return tr("could go on, but no stove is free: it waits for a core");
    case State::WaitingGil:
        return tr("waits for the one knife: the interpreter lock");
    case State::WaitingLock:
        return tr("waits for something that a colleague has: a lock");
    case State::WaitingIo:
        return tr("is in the oven: it waits for I/O");
    case State::Sleeping:
        return tr("rests on the shelf: it waits for a timer");
    case State::Suspended:
        return tr("rests on the shelf: it waits for another dish");
    case State::Retrying:
        return tr("rests on the shelf: it waits for its next try");
    case State::Blocked:
        return tr("can't be put down: what comes next is full");
    case State::Transfer:
        return tr("is packed or unpacked: a transfer");
    case State::Starting:
        return tr("waits for its chef to be hired: a thread or process is being made");
    case State::Queued:
        return tr("hangs on the rail: nobody has taken it");
    case State::Reserved:
        return tr("lies on a board and is not begun: reserved");
    default:
        return tr("is %1").arg(fromView(nameOf(state)));
    }
}

void addCause(QStringList& lines, const recording::Recording& recording, StringId cause) {
    const QString text = fromView(recording.strings.text(cause));
    if (!text.isEmpty()) {
        lines << text;
    }
}

} // namespace

QString chefWord(const recording::Recording& recording, Pose pose, TaskId dish) {
    switch (pose) {
    case Pose::Away:
        return tr("not here");
    case Pose::Idle:
        return tr("idle");
    case Pose::Cooks:
        return dish.isNone() ? tr("cooks") : tr("cooks %1").arg(dishName(recording, dish));
    case Pose::Stove:
        return tr("wants a core");
    case Pose::Knife:
        return tr("wants the knife");
    case Pose::Lock:
        return tr("waits for a lock");
    case Pose::Oven:
        return tr("waits for the oven");
    case Pose::Sleeps:
        return tr("rests");
    case Pose::Full:
        return tr("has no room");
    case Pose::Parcel:
        return tr("packs");
    case Pose::Starts:
        return tr("is being hired");
    }
    std::unreachable();
}

QString chefName(const Kitchen& kitchen, std::uint32_t chef) {
    return QString::fromStdString(kitchen.recording()->worker(kitchen.chefs()[chef].worker).name);
}

QString roomTitle(const Kitchen& kitchen, std::uint32_t room) {
    const analysis::KitchenRoom& it = kitchen.rooms()[room];
    QString title = it.pid == 0 ? tr("kitchen") : tr("kitchen: process %1").arg(it.pid);
    if (!it.name.empty()) {
        title += QStringLiteral(", ") + QString::fromStdString(it.name);
    }
    return title;
}

QString railName(const analysis::Rail& rail) {
    return rail.queue.isNone() ? tr("orders") : QString::fromStdString(rail.name);
}

QString chefText(const Kitchen& kitchen, const KitchenMoment& moment, std::uint32_t chef) {
    const Chef& it = kitchen.chefs()[chef];
    const recording::Recording& recording = *kitchen.recording();
    const ChefAtWork& work = moment.chefs[chef];
    QStringList lines{
        tr("%1, a chef of the %2").arg(chefName(kitchen, chef), roomTitle(kitchen, it.kitchen))};
    if (!work.isPresent) {
        lines << tr("is not here at this moment");
    } else if (!work.state) {
        lines << tr("has nothing to do");
    } else {
        const QString dish =
            work.dish.isNone() ? tr("what is in hand") : dishName(recording, work.dish);
        lines << tr("%1 %2, for %3")
                     .arg(dish, reasonOf(*work.state), duration(moment.when - work.sinceNs));
        addCause(lines, recording, work.cause);
    }
    if (work.hasKnife) {
        lines << tr("has the knife");
    }
    const auto waiting = std::ranges::count_if(moment.dishes, [chef](const Dish& dish) {
        return dish.chef == chef && dish.place == DishPlace::Stack;
    });
    if (waiting > 0) {
        lines << tr("%1 on the board, not begun").arg(waiting);
    }
    return lines.join(u'\n');
}

QString dishText(const Kitchen& kitchen, const KitchenMoment& moment, TaskId task) {
    const recording::Recording& recording = *kitchen.recording();
    const auto dish = std::ranges::find(moment.dishes, task, &Dish::task);
    QStringList lines{dishName(recording, task)};
    if (dish == moment.dishes.end()) {
        return lines.join(u'\n');
    }
    lines << (dish->state
                  ? tr("%1, for %2")
                        .arg(reasonOf(*dish->state), duration(moment.when - dish->stay.beginNs))
                  : tr("rests: what it does is not known"));
    addCause(lines, recording, dish->cause);
    if (dish->chef != kNoChef) {
        lines << tr("chef: %1").arg(chefName(kitchen, dish->chef));
    }
    if (dish->isStolen && dish->chefBefore != kNoChef) {
        lines << tr("stolen from the board of %1").arg(chefName(kitchen, dish->chefBefore));
    }
    return lines.join(u'\n');
}

QString roomText(const Kitchen& kitchen, const KitchenMoment& moment, std::uint32_t room) {
    const analysis::KitchenRoom& it = kitchen.rooms()[room];
    const auto count = [&](DishPlace place) {
        return std::ranges::count_if(moment.dishes, [&](const Dish& dish) {
            return dish.place == place && dish.chef != kNoChef &&
                   kitchen.chefs()[dish.chef].kitchen == room;
        });
    };
    QStringList lines{roomTitle(kitchen, room)};
    lines << tr("%1 chefs; %2 dishes in the oven, %3 on the shelf")
                 .arg(it.chefs.size())
                 .arg(count(DishPlace::Oven))
                 .arg(count(DishPlace::Shelf));
    if (!it.knife.isNone()) {
        const std::uint32_t holder = moment.knifeIn[room];
        lines << (holder == kNoChef
                      ? tr("the knife hangs on its hook: the interpreter lock is free")
                      : tr("%1 has the knife").arg(chefName(kitchen, holder)));
    }
    return lines.join(u'\n');
}

QString totalsText(const analysis::KitchenTotals& totals, Nanoseconds when) {
    QStringList parts;
    const auto add = [&](std::uint64_t count, const QString& words) {
        if (count > 0) {
            parts << words.arg(number(count));
        }
    };
    add(totals.cooking, tr("%1 cooking"));
    add(totals.inHand, tr("%1 in hand, waiting"));
    add(totals.inOven, tr("%1 in the oven"));
    add(totals.onShelf, tr("%1 on the shelf"));
    add(totals.stacked, tr("%1 on a board, not begun"));
    add(totals.onRail, tr("%1 on the rail"));
    return tr("At %1: %2")
        .arg(duration(when),
             parts.isEmpty() ? tr("nothing to do") : parts.join(QStringLiteral(", ")));
}

QString servedText(const analysis::KitchenTotals& totals) {
    QStringList parts{tr("%1 served").arg(number(totals.served))};
    if (totals.spoiled > 0) {
        parts << tr("%1 spoiled").arg(number(totals.spoiled));
    }
    if (totals.withdrawn > 0) {
        parts << tr("%1 withdrawn").arg(number(totals.withdrawn));
    }
    if (totals.toCome > 0) {
        parts << tr("%1 not yet ordered").arg(number(totals.toCome));
    }
    return parts.join(QStringLiteral(", "));
}

QString sourceText(const recording::Recording& recording) {
    QStringList parts;
    for (const std::string& each : {recording.info.scenario, recording.info.model}) {
        if (!each.empty()) {
            parts << QString::fromStdString(each);
        }
    }
    parts << fromView(recording::nameOf(recording.info.source));
    return parts.join(QStringLiteral(" · "));
}

} // namespace interleave::ui
